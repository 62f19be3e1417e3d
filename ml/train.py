"""Train a classifier: `python -m ml.train --data DIR --out DIR`.

DIR holds labelled files (`*.csv` or `*.csv.gz`), also in its folders `train` and `aux`. The splits
never change: 80 % to fit, 10 % to calibrate, 10 % to test; near-duplicates of rows to fit are
removed from the latter two. With `--peer PYTHON`, an interpreter that has alt-profanity-check, its
metrics are in the card for comparison.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import (
    artifact,
    augment,
    bias,
    card,
    dataset,
    metadata,
    peer,
    recipe,
    text,
    thresholds,
    usage,
)
from ml.classifier import Classifier
from ml.dataset import Row
from ml.deduplication import without_near_duplicates
from ml.metadata import Splits, Thresholds, records
from ml.pipeline import CommentClassifier, build_estimator
from ml.progress import with_progress
from ml.tokens import text_of

Arrays = Mapping[str, NDArray[Any]]

MAX_WORDS, MIN_SOURCES, MIN_ROWS = 100_000, 3, 12


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
    weights = bias.reweigh([row.text for row in fit], labels, recipe.weight_matrix(fit, categories))
    estimator.fit(records(fit), labels, weights)
    population = recipe.population_weights(calibrate, categories)
    labels = recipe.label_matrix(calibrate, categories)
    estimator.calibrate(records(calibrate), labels, population)
    details = measured(to_arrays(estimator), categories, splits, seed=seed, peer_python=peer_python)
    details["parameters"] = {"bits": estimator.bits, "penalty": estimator.penalty}
    details["rows"]["augmented"] = len(fit) - len(splits["fit"])
    return estimator, details


def measured(
    arrays: Arrays,
    categories: Sequence[str],
    splits: Splits,
    *,
    seed: int,
    peer_python: Path | None = None,
) -> dict[str, Any]:
    """Return the thresholds of fitted arrays, and what they give, for their manifest."""
    calibrate = augment.with_authors(splits["calibrate"], seed=seed)
    limits = thresholds.find(served(arrays, categories), calibrate, seed=seed)
    names = usage.name_thresholds(served(arrays, categories), limits)
    scorer = served(arrays, categories, limits, names)
    details = metadata.collect(scorer, limits, splits, seed=seed, peer_python=peer_python)
    details["names_count_at"] = names
    details["goals"] = {category: thresholds.goals(category) for category in categories}
    return details


def served(
    arrays: Arrays,
    categories: Sequence[str],
    limits: Thresholds | None = None,
    names: Mapping[str, float] | None = None,
) -> Classifier:
    """Return the classifier as it will serve, so that it is measured as it is used."""
    manifest = {
        "version": "",
        "categories": list(categories),
        "thresholds": limits or {},
        "names_count_at": names or {},
    }
    return Classifier(arrays, manifest)


def split_rows(rows: Sequence[Row]) -> Splits:
    """Return the rows to fit on, to calibrate with and to test with, without near-duplicates.

    The split `choose`, on which experiments were judged, is fitted on, too.
    """
    splits: dict[str, list[Row]] = {"fit": [], "calibrate": [], "test": []}
    for row in with_progress(rows, "Splitting"):
        split = dataset.split_of(row.text)
        if split != "test" and row.source in recipe.KEPT_APART:
            split = "calibrate"
        splits["fit" if split == "choose" else split].append(row)
    for name in ("calibrate", "test"):
        splits[name] = without_near_duplicates(splits[name], of=splits["fit"])
    return splits


def frequent_words(rows: Sequence[Row]) -> list[str]:
    """Return the most frequent words, which a classifier loads at the start to be fast at once.

    A word must be in several sources or in a dozen rows, so that nothing of a single writer is
    stored.
    """
    row_counts: Counter[str] = Counter()
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        for word in dict.fromkeys(text.chunks(text_of(row.text))):
            row_counts[word] += 1
            sources[word].add(row.source)
    kept = [
        word
        for word, number in row_counts.most_common()
        if (len(sources[word]) >= MIN_SOURCES or number >= MIN_ROWS) and " " not in word
    ]
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


if __name__ == "__main__":
    sys.exit(main())
