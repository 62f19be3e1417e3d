"""The classifier: plain scikit-learn, no Django. `python -m ml.train` runs on a laptop.

The public API:

- `ml.artifact.load(path=None) -> Classifier`, by default the released one; raises an
  `ArtifactError` whose message says what to do.
- `Classifier.version`, `.categories`, `.thresholds`, `.manifest`, `.score(records)` and
  `.explain(record, category)`: see `ml.classifier`.
- `ml.text.normalise(text)`: the text without obfuscation.
- `python -m ml.score`, `python -m ml.train`, `python -m ml.evaluate`.

A record is a text, or a mapping with `text` and optional `author_name`, `author_url` and
`author_email`.
"""
