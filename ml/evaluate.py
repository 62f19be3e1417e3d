"""Evaluate a classifier: `python -m ml.evaluate --artifact DIR --data FILE… [--json]`.

The files are labelled CSV, as for training; they should be ones that training never saw.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml import artifact, dataset, measures
from ml.classifier import Classifier
from ml.dataset import Row

Figures = Mapping[str, Mapping[str, Mapping[str, Any]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of every file; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.evaluate", description=__doc__)
    parser.add_argument("--artifact", type=Path, default=artifact.RELEASED)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    refused: Counter[str] = Counter()
    try:
        classifier = artifact.load(options.artifact)
        rows = {path.name: list(dataset.read(path, refused=refused)) for path in options.data}
    except (artifact.ArtifactError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    for reason, number in sorted(refused.items()):
        print(f"Skipped {number}: {reason}", file=sys.stderr)
    figures = evaluate(classifier, rows)
    print(json.dumps(figures, indent=2) if options.json else "\n".join(table(figures)))
    return 0


def evaluate(classifier: Classifier, rows: Mapping[str, Sequence[Row]]) -> Figures:
    """Return the figures of each file, and of all together, by category."""
    figures = {name: _of(classifier, some) for name, some in rows.items()}
    if len(rows) > 1:
        figures["all"] = _of(classifier, [row for some in rows.values() for row in some])
    return figures


def table(figures: Figures) -> Iterator[str]:
    """Yield the figures as lines for people."""
    for name, categories in figures.items():
        yield name
        for category, found in categories.items():
            low, high = found["roc_auc_interval"] or (None, None)
            yield (
                f"  {category}: {found['positives']} of {found['positives'] + found['negatives']}; "
                f"ROC AUC {found['roc_auc']} ({low} to {high}), "
                f"average precision {found['average_precision']}, "
                f"calibration error {found['calibration_error']}"
            )
            for act in ("hold_at", "reject_at"):
                yield f"    {act} {found[act]['threshold']}: " + ", ".join(
                    f"{key.replace('_', ' ')} {value}"
                    for key, value in found[act].items()
                    if key != "threshold"
                )


def _of(classifier: Classifier, rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    scores = classifier.score([row.record for row in rows])
    figures = {}
    for category in classifier.categories:
        known = [i for i, row in enumerate(rows) if category in row.labels]
        if known:
            labels = np.array([rows[i].labels[category] for i in known], float)
            given = np.array([scores[i][category] for i in known])
            figures[category] = measures.summary(
                labels, given, classifier.thresholds[category], weights=np.ones_like(labels)
            )
    return figures


if __name__ == "__main__":
    sys.exit(main())
