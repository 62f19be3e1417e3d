"""Evaluate a classifier: `python -m ml.evaluate --artifact DIR --data FILE… [--json]`.

The files are labelled CSV, as for training; they should be ones that training never saw.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml import artifact, dataset, measures
from ml.artifact import Classifier
from ml.dataset import Row

CHUNK = 2000


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of every file; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.evaluate", description=__doc__)
    parser.add_argument("--artifact", type=Path, default=artifact.RELEASED)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    try:
        classifier = artifact.load(options.artifact)
        figures = {path.name: evaluate(classifier, path) for path in options.data}
    except (artifact.ArtifactError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(figures, indent=2) if options.json else table(figures))
    return 0


def evaluate(classifier: Classifier, path: Path) -> dict[str, Any]:
    """Return the figures of a file for each category that it has labels of."""
    rows = list(dataset.read(path))
    scores = _scores(classifier, rows)
    figures = {}
    for category in classifier.categories:
        known = [i for i, row in enumerate(rows) if category in row.labels]
        if not known:
            continue
        labels = np.array([rows[i].labels[category] for i in known], float)
        given = np.array([scores[i][category] for i in known])
        figures[category] = {
            **measures.merits(labels, given),
            **{
                name: measures.at_threshold(labels, given, threshold)
                for name, threshold in classifier.thresholds[category].items()
            },
        }
    return figures


def table(figures: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    """Return the figures as lines for people."""
    lines = []
    for name, categories in figures.items():
        for category, merits in categories.items():
            told = ", ".join(f"{key} {value}" for key, value in merits.items())
            lines.append(f"{name} {category}: {told}")
    return "\n".join(lines)


def _scores(classifier: Classifier, rows: Sequence[Row]) -> list[dict[str, float]]:
    scores: list[dict[str, float]] = []
    for start in range(0, len(rows), CHUNK):
        scores += classifier.score([row.text for row in rows[start : start + CHUNK]])
    return scores


if __name__ == "__main__":
    sys.exit(main())
