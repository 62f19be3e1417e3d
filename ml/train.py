"""Train a classifier: `python -m ml.train --data DIR --out DIR`.

DIR holds labelled files (`*.csv` or `*.csv.gz`), also in its folders `train` and `aux`. The splits
never change: 80 % to fit, 10 % to calibrate, 10 % to test; near-duplicates of rows to fit are
removed from the latter two. With `--peer PYTHON`, an interpreter that has alt-profanity-check, its
metrics are in the card for comparison.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import artifact, augment, card, dataset, identities, metadata, metrics, peer, recipe, text
from ml.dataset import Row
from ml.deduplication import without_near_duplicates
from ml.metadata import Splits, Thresholds, records
from ml.pipeline import CommentClassifier, Matrix, build_estimator
from ml.progress import with_progress

GOALS = {
    "hold_precision": 0.6,
    "hold_false_alarms": 0.003,
    "reject_precision": 0.95,
    "reject_false_alarms": 0.0005,
}
# Nobody looks through what is set aside as spam.
SPAM_GOALS = {**GOALS, "reject_precision": 0.99}
# The finer categories overlap with TOXICITY: their alarms come on top of its own.
FINE_GOALS = {
    **GOALS,
    "hold_precision": 0.75,
    "hold_false_alarms": 0.0003,
    "reject_false_alarms": 0.0001,
}
MAX_WORDS, MIN_SOURCES = 40_000, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, evaluate and save; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--peer", type=Path)
    options = parser.parse_args(arguments)
    skipped: Counter[str] = Counter()
    rows = read_rows(options.data, skipped)
    for reason, number in sorted(skipped.items()):
        print(f"Skipped {number}: {reason}", file=sys.stderr)
    categories = recipe.categories(rows)
    if not categories:
        print(f"There is too little to learn from in {options.data}.", file=sys.stderr)
        return 1
    splits = split_rows(rows)
    try:
        estimator, details = train(splits, categories, seed=options.seed, peer_python=options.peer)
    except peer.PeerUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    details["skipped"] = dict(sorted(skipped.items()))
    details["goals"] = {category: threshold_goals(category) for category in categories}
    details["rows"]["near_copies"] = len(rows) - sum(map(len, splits.values()))
    arrays = to_arrays(estimator, frequent_words(splits["fit"]))
    artifact.save(arrays, options.out, metadata=details, card=card.render(details))
    return 0


def data_files(data: Path) -> list[Path]:
    """Return the labelled files of a folder, in a fixed order."""
    folders = [data, data / "train", data / "aux"]
    return sorted(path for folder in folders for path in folder.glob("*.csv*"))


def read_rows(data: Path, skipped: Counter[str]) -> list[Row]:
    """Return the training rows of all files; count invalid lines in `skipped`."""
    rows = (row for path in data_files(data) for row in dataset.read(path, skipped=skipped))
    return list(recipe.select_rows(rows))


def train(
    splits: Splits, categories: Sequence[str], *, seed: int, peer_python: Path | None = None
) -> tuple[CommentClassifier, dict[str, Any]]:
    """Return a fitted, calibrated estimator and the metadata for its manifest.

    `peer_python` is an interpreter that has alt-profanity-check, if any.
    """
    fit = augment.augment(splits["fit"], seed=seed)
    calibrate = augment.with_authors(splits["calibrate"], seed=seed)
    estimator = build_estimator(categories, seed=seed)
    labels = recipe.label_matrix(fit, categories)
    weights = identities.reweigh(
        [row.text for row in fit], labels, recipe.weight_matrix(fit, categories)
    )
    estimator.fit(records(fit), labels, weights)
    population = recipe.population_weights(calibrate, categories)
    labels = recipe.label_matrix(calibrate, categories)
    estimator.calibrate(records(calibrate), labels, population)
    thresholds = _thresholds(estimator, calibrate, population)
    details = metadata.collect(estimator, thresholds, splits, seed=seed, peer_python=peer_python)
    details["rows"]["augmented"] = len(fit) - len(splits["fit"])
    return estimator, details


def split_rows(rows: Sequence[Row]) -> Splits:
    """Return the rows to fit on, to calibrate with and to test with, without near-duplicates.

    The split `choose`, on which experiments were judged, is fitted on, too.
    """
    splits: dict[str, list[Row]] = {"fit": [], "calibrate": [], "test": []}
    for row in with_progress(rows, "Splitting"):
        split = dataset.split_of(row.text)
        splits["fit" if split == "choose" else split].append(row)
    for name in ("calibrate", "test"):
        splits[name] = without_near_duplicates(splits[name], of=splits["fit"])
    return splits


def frequent_words(rows: Sequence[Row]) -> list[str]:
    """Return the most frequent words, which a classifier loads at the start to be fast at once.

    A word must be in several sources, so that nothing of a single writer is stored.
    """
    row_counts: Counter[str] = Counter()
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        for word in dict.fromkeys(text.chunks(row.text)):
            row_counts[word] += 1
            sources[word].add(row.source)
    common = (word for word, _ in row_counts.most_common(4 * MAX_WORDS))
    kept = [word for word in common if len(sources[word]) >= MIN_SOURCES and " " not in word]
    return sorted(kept[:MAX_WORDS])


def to_arrays(estimator: CommentClassifier, words: Sequence[str] = ()) -> dict[str, NDArray[Any]]:
    """Return the arrays of an artifact for a fitted estimator and its words."""
    # Half precision is far finer than what the data can tell apart.
    return {
        "weights": estimator.weights_.astype(np.float16),
        "biases": estimator.biases_,
        "slopes": estimator.slopes_,
        "shifts": estimator.shifts_,
        "vocabulary": np.frombuffer(" ".join(words).encode("utf-8", "replace"), np.uint8),
    }


def threshold_goals(category: str) -> dict[str, float]:
    """Return the goals that the thresholds of a category must reach."""
    if category == "SPAM":
        return SPAM_GOALS
    return FINE_GOALS if category in recipe.FINE_CATEGORIES else GOALS


def _thresholds(
    estimator: CommentClassifier, rows: Sequence[Row], population: Matrix
) -> Thresholds:
    scores = estimator.predict_proba(records(rows))
    labels = recipe.label_matrix(rows, estimator.categories)
    is_calm = np.array([row.source in recipe.CALM_SOURCES for row in rows])
    table = {}
    for column, category in enumerate(estimator.categories):
        labelled = ~np.isnan(labels[:, column])
        calm_negatives = is_calm & (labels[:, column] == 0)
        table[category] = metrics.find_thresholds(
            labels[labelled, column],
            scores[labelled, column],
            population[labelled, column],
            calm=scores[calm_negatives, column],
            goals=threshold_goals(category),
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
