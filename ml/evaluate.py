"""Evaluate a classifier: `python -m ml.evaluate --artifact DIR --data FILE… [--json]`.

The files are labelled CSV, as for training; they should not be training data. Each row is scored as
it is used: its text as it was typed, with an ordinary name, and the outcome is that of the default
house rules. The second reader is asked as in production, or not with `--words-alone`. With `--peer
PYTHON`, an interpreter that has alt-profanity-check, its metrics are given for comparison.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ml import artifact, audit, dataset, identities, metrics, peer, usage
from ml.classifier import Classifier
from ml.context.artifact import open_classifier
from ml.context.second_reader import TwoReaders
from ml.dataset import Row
from ml.progress import with_progress

# A group is measured where it is named in at least so many civil and as many toxic rows.
MIN_ROWS_PER_CLASS = 50


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the metrics of every file; return the exit status."""
    options = _parser().parse_args(arguments)
    skipped: Counter[str] = Counter()
    try:
        opened = open_classifier(options.artifact, second_reader=not options.words_alone)
        rows = {path.name: list(dataset.read(path, skipped=skipped)) for path in options.data}
        figures = evaluate(opened.classifier, rows, peer_python=options.peer)
    except (artifact.ArtifactError, peer.PeerUnavailable, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if opened.second_reader_away:
        print(opened.second_reader_away, file=sys.stderr)
    for reason, number in sorted(skipped.items()):
        print(f"Skipped {number}: {reason}", file=sys.stderr)
    print(json.dumps(figures, indent=2) if options.json else "\n".join(format_lines(figures)))
    return 0


def evaluate(
    classifier: Classifier | TwoReaders,
    rows: Mapping[str, Sequence[Row]],
    *,
    peer_python: Path | None = None,
) -> dict[str, Any]:
    """Return the metrics of each file, and of all together, by category.

    Under “groups” are those of the groups of people that a file mentions; under “peer” those of
    alt-profanity-check for toxicity, when `peer_python` has it.
    """
    if len(rows) > 1:
        rows = {**rows, "all": [row for file_rows in rows.values() for row in file_rows]}
    return {
        name: evaluate_rows(classifier, file_rows, peer_python=peer_python)
        for name, file_rows in with_progress(rows.items(), "Evaluating")
    }


def evaluate_rows(
    classifier: Classifier | TwoReaders, rows: Sequence[Row], *, peer_python: Path | None = None
) -> dict[str, Any]:
    """Return the metrics by category, of calm rows, of groups in them, and of the peer."""
    rows = usage.signed(rows, seed=0)
    scores = classifier.score([row.record for row in rows])
    calm = [row for row in rows if not any(row.labels.values())]
    figures: dict[str, Any] = {"calm": usage.shares(classifier, calm, classifier.thresholds)}
    for category in classifier.categories:
        labelled = [i for i, row in enumerate(rows) if category in row.labels]
        if labelled:
            labels = np.array([rows[i].labels[category] for i in labelled], float)
            category_scores = np.array([scores[i][category] for i in labelled])
            thresholds = classifier.thresholds[category]
            figures[category] = metrics.category_metrics(
                labels, category_scores, thresholds, weights=np.ones_like(labels)
            )
            if category == audit.CATEGORY:
                texts = [rows[i].text for i in labelled]
                figures["groups"] = _group_metrics(
                    texts, labels, category_scores, thresholds["hold_at"]
                )
                figures |= peer_metrics(peer_python, texts, labels)
    return figures


def peer_metrics(
    peer_python: Path | None, texts: Sequence[str], labels: metrics.Vector
) -> dict[str, Any]:
    """Return the peer's metrics for the same texts, as “peer”; nothing without a peer."""
    if peer_python is None:
        return {}
    return {"peer": metrics.ranking_metrics(labels, peer.probabilities(peer_python, texts))}


def format_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """Yield the metrics as lines of text."""
    for name, found in figures.items():
        yield name
        for category, of_category in found.items():
            if category == "peer":
                yield f"  {peer.NAME}, toxicity: {_format_values(of_category)}"
            elif category == "calm":
                yield from _outcome_lines(of_category)
            elif category == "groups":
                yield from _group_lines(of_category)
            else:
                yield from _category_lines(category, of_category)


def _group_metrics(
    texts: Sequence[str], labels: metrics.Vector, scores: metrics.Vector, hold_at: float
) -> dict[str, dict[str, float | None]]:
    members = identities.group_mentions(texts)
    fewest = {
        group: min(labels[inside].sum(), (1 - labels[inside]).sum())
        for group, inside in members.items()
    }
    large_groups = {g: inside for g, inside in members.items() if fewest[g] >= MIN_ROWS_PER_CLASS}
    return audit.group_metrics(large_groups, labels, scores, hold_at)


def _outcome_lines(found: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    for name, values in found.items():
        yield (
            f"  of what is not harmful, {name}: {values['rows']}, held or set aside "
            f"{values['held']:.2%}, set aside {values['set_aside']:.2%}"
        )


def _category_lines(category: str, found: Mapping[str, Any]) -> Iterator[str]:
    positives, negatives = found["positives"], found["negatives"]
    ranking = {name: found[name] for name in ("roc_auc", "average_precision")}
    yield (
        f"  {category}: {positives} of {positives + negatives}; "
        f"{_format_values(ranking, found['intervals'])}, "
        f"calibration error {found['calibration_error']}"
    )
    for act in ("hold_at", "reject_at"):
        values = {key: value for key, value in found[act].items() if key != "threshold"}
        intervals = {key: found["intervals"].get(f"{act}_{key}") for key in values}
        yield f"    {act} {found[act]['threshold']}: {_format_values(values, intervals)}"


def _group_lines(found: Mapping[str, Mapping[str, float | None]]) -> Iterator[str]:
    for group, values in found.items():
        yield f"    {group}: {_format_values(values)}"


def _format_values(values: Mapping[str, Any], intervals: Mapping[str, Any] | None = None) -> str:
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
    parser.add_argument("--words-alone", action="store_true", help="ask no second reader")
    return parser


if __name__ == "__main__":
    sys.exit(main())
