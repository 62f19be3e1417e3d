"""The classifier: plain scikit-learn, no Django. `python -m ml.train` works on a bare laptop.

What others may rely on:

- `ml.artifact.load(path=None) -> Classifier`, by default the released one; it raises an
  `ArtifactError` whose message says what to do.
- `Classifier.version`, `.categories`, `.thresholds`, `.manifest`, `.score(records)` and
  `.explain(record, category)`: see `ml.classifier`.
- `ml.text.normalise(text)`: the text with its disguises taken off.
- `python -m ml.score`, `python -m ml.train`, `python -m ml.evaluate`.

A record is a text, or a mapping with `text` and perhaps `author_name`, `author_url` and
`author_email`.
"""
