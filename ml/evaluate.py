"""Evaluate a classifier: `python -m ml.evaluate --artifact DIR --data FILE… [--json]`.

The files are labelled CSV, as for training; they should be ones that training never saw. With
`--peer PYTHON`, a Python that has alt-profanity-check, its figures stand beside ours.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml import artifact, audit, dataset, identities, measures, peer
from ml.classifier import Classifier
from ml.dataset import Row
from ml.progress import watched

# A group is measured where it is named in at least so many civil and as many toxic rows.
FEWEST_OF_GROUP = 50


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures of every file; return the exit status."""
    options = _parser().parse_args(arguments)
    refused: Counter[str] = Counter()
    try:
        classifier = artifact.load(options.artifact)
        rows = {path.name: list(dataset.read(path, refused=refused)) for path in options.data}
        figures = evaluate(classifier, rows, python=options.peer)
    except (artifact.ArtifactError, peer.PeerMissing, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    for reason, number in sorted(refused.items()):
        print(f"Skipped {number}: {reason}", file=sys.stderr)
    print(json.dumps(figures, indent=2) if options.json else "\n".join(table(figures)))
    return 0


def evaluate(
    classifier: Classifier, rows: Mapping[str, Sequence[Row]], *, python: Path | None = None
) -> dict[str, Any]:
    """Return the figures of each file, and of all together, by category.

    Under “groups” are those of the groups of people that a file names; under “peer” those of
    alt-profanity-check for toxicity, when `python` has it.
    """
    if len(rows) > 1:
        rows = {**rows, "all": [row for some in rows.values() for row in some]}
    return {
        name: of_rows(classifier, some, python=python)
        for name, some in watched(rows.items(), "Evaluating")
    }


def of_rows(
    classifier: Classifier, rows: Sequence[Row], *, python: Path | None = None
) -> dict[str, Any]:
    """Return the figures of rows by category, of the groups that they name, and of the peer."""
    scores = classifier.score([row.record for row in rows])
    figures: dict[str, Any] = {}
    for category in classifier.categories:
        known = [i for i, row in enumerate(rows) if category in row.labels]
        if known:
            labels = np.array([rows[i].labels[category] for i in known], float)
            given = np.array([scores[i][category] for i in known])
            limits = classifier.thresholds[category]
            figures[category] = measures.summary(
                labels, given, limits, weights=np.ones_like(labels)
            )
            if category == audit.CATEGORY:
                texts = [rows[i].text for i in known]
                figures["groups"] = _groups(texts, labels, given, limits["hold_at"])
                figures |= beside(python, texts, labels)
    return figures


def beside(python: Path | None, texts: Sequence[str], labels: measures.Vector) -> dict[str, Any]:
    """Return the peer's figures for the same texts, as “peer”, or nothing without a peer."""
    if python is None:
        return {}
    return {"peer": measures.ranking(labels, peer.probabilities(python, texts))}


def table(figures: Mapping[str, Any]) -> Iterator[str]:
    """Yield the figures as lines for people."""
    for name, found in figures.items():
        yield name
        for category, of_category in found.items():
            if category == "peer":
                yield f"  {peer.NAME}, toxicity: {_named(of_category)}"
            elif category == "groups":
                yield from _lines_of_groups(of_category)
            else:
                yield from _lines_of_category(category, of_category)


def _groups(
    texts: Sequence[str], labels: measures.Vector, scores: measures.Vector, hold_at: float
) -> dict[str, dict[str, float | None]]:
    members = identities.mentioned(texts)
    fewest = {
        group: min(labels[inside].sum(), (1 - labels[inside]).sum())
        for group, inside in members.items()
    }
    enough = {g: inside for g, inside in members.items() if fewest[g] >= FEWEST_OF_GROUP}
    return audit.groups(enough, labels, scores, hold_at)


def _lines_of_category(category: str, found: Mapping[str, Any]) -> Iterator[str]:
    positives, negatives = found["positives"], found["negatives"]
    ranked = {name: found[name] for name in ("roc_auc", "average_precision")}
    yield (
        f"  {category}: {positives} of {positives + negatives}; "
        f"{_named(ranked, found['intervals'])}, calibration error {found['calibration_error']}"
    )
    for act in ("hold_at", "reject_at"):
        values = {key: value for key, value in found[act].items() if key != "threshold"}
        intervals = {key: found["intervals"].get(f"{act}_{key}") for key in values}
        yield f"    {act} {found[act]['threshold']}: {_named(values, intervals)}"


def _lines_of_groups(found: Mapping[str, Mapping[str, float | None]]) -> Iterator[str]:
    for group, values in found.items():
        yield f"    {group}: {_named(values)}"


def _named(values: Mapping[str, Any], intervals: Mapping[str, Any] | None = None) -> str:
    return ", ".join(
        f"{key.replace('_', ' ')} {value}"
        + ("" if not (intervals or {}).get(key) else " ({} to {})".format(*intervals[key]))  # type: ignore[index]
        for key, value in values.items()
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.evaluate", description=__doc__)
    parser.add_argument("--artifact", type=Path, default=artifact.RELEASED)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
