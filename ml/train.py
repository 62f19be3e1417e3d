"""Train a classifier: `python -m ml.train --data DIR --out DIR`.

DIR holds labelled files (`*.csv` or `*.csv.gz`), in it or in its folders `train` and `aux`. The
rows are split once and for all: 80 % to fit, 10 % to calibrate, 10 % to test; of the latter two,
near copies of rows to fit are left out. With `--peer PYTHON`, a Python that has
alt-profanity-check, its figures stand beside ours in the card.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import artifact, augment, card, dataset, facts, identities, measures, peer, recipe, text
from ml.copies import without_copies
from ml.dataset import Row
from ml.facts import Parts, Thresholds, records
from ml.pipeline import CommentClassifier, Matrix, build
from ml.progress import watched

GOALS = {
    "hold_precision": 0.6,
    "hold_false_alarms": 0.003,
    "reject_precision": 0.95,
    "reject_false_alarms": 0.0005,
}
# Nobody looks through what is set aside as spam.
SPAM_GOALS = {**GOALS, "reject_precision": 0.99}
# The finer categories overlap with TOXICITY: their alarms come on top of its own.
FINER_GOALS = {
    **GOALS,
    "hold_precision": 0.75,
    "hold_false_alarms": 0.0003,
    "reject_false_alarms": 0.0001,
}
MOST_WORDS, FEWEST_SOURCES = 40_000, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, evaluate and save; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--peer", type=Path)
    options = parser.parse_args(arguments)
    refused: Counter[str] = Counter()
    rows = read(options.data, refused)
    for reason, number in sorted(refused.items()):
        print(f"Skipped {number}: {reason}", file=sys.stderr)
    categories = recipe.categories(rows)
    if not categories:
        print(f"There is too little to learn from in {options.data}.", file=sys.stderr)
        return 1
    parts = split(rows)
    try:
        estimator, found = train(parts, categories, seed=options.seed, python=options.peer)
    except peer.PeerMissing as error:
        print(error, file=sys.stderr)
        return 1
    found["skipped"] = dict(sorted(refused.items()))
    found["goals"] = {category: goals(category) for category in categories}
    found["rows"]["near_copies"] = len(rows) - sum(map(len, parts.values()))
    kept = arrays(estimator, vocabulary(parts["fit"]))
    artifact.save(kept, options.out, facts=found, card=card.write(found))
    return 0


def files(data: Path) -> list[Path]:
    """Return the labelled files of a folder, in a fixed order."""
    folders = [data, data / "train", data / "aux"]
    return sorted(path for folder in folders for path in folder.glob("*.csv*"))


def read(data: Path, refused: Counter[str]) -> list[Row]:
    """Return the rows to learn from of all files; count in `refused` the lines that can't be."""
    found = (row for path in files(data) for row in dataset.read(path, refused=refused))
    return list(recipe.chosen(found))


def train(
    parts: Parts, categories: Sequence[str], *, seed: int, python: Path | None = None
) -> tuple[CommentClassifier, dict[str, Any]]:
    """Return a fitted, calibrated estimator and the facts about it for its manifest.

    `python` is one that has alt-profanity-check, if its figures are wanted.
    """
    fit = augment.augmented(parts["fit"], seed=seed)
    calibrate = augment.signed(parts["calibrate"], seed=seed)
    estimator = build(categories, seed=seed)
    labels = recipe.labels_of(fit, categories)
    weights = identities.evened(
        [row.text for row in fit], labels, recipe.weights_of(fit, categories)
    )
    estimator.fit(records(fit), labels, weights)
    population = recipe.population(calibrate, categories)
    labels = recipe.labels_of(calibrate, categories)
    estimator.calibrate(records(calibrate), labels, population)
    thresholds = _thresholds(estimator, calibrate, population)
    found = facts.gather(estimator, thresholds, parts, seed=seed, python=python)
    found["rows"]["augmented"] = len(fit) - len(parts["fit"])
    return estimator, found


def split(rows: Sequence[Row]) -> Parts:
    """Return the rows to fit on, to calibrate with and to test with, without near copies.

    The part on which experiments were judged is learned from like the first.
    """
    parts: dict[str, list[Row]] = {"fit": [], "calibrate": [], "test": []}
    for row in watched(rows, "Splitting"):
        part = dataset.part(row.text)
        parts["fit" if part == "choose" else part].append(row)
    for name in ("calibrate", "test"):
        parts[name] = without_copies(parts[name], of=parts["fit"])
    return parts


def vocabulary(rows: Sequence[Row]) -> list[str]:
    """Return the commonest words: a classifier knows them from the start, and is fast at once.

    A word must be in several sources, so that nothing of a single writer is kept.
    """
    rows_with: Counter[str] = Counter()
    sources_with: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        for unit in dict.fromkeys(text.chunks(row.text)):
            rows_with[unit] += 1
            sources_with[unit].add(row.source)
    common = (unit for unit, _ in rows_with.most_common(4 * MOST_WORDS))
    kept = [
        unit for unit in common if len(sources_with[unit]) >= FEWEST_SOURCES and " " not in unit
    ]
    return sorted(kept[:MOST_WORDS])


def arrays(estimator: CommentClassifier, words: Sequence[str] = ()) -> dict[str, NDArray[Any]]:
    """Return what an artifact keeps of a fitted estimator and of its vocabulary."""
    # Half precision is far finer than what the data can tell apart.
    return {
        "weights": estimator.weights_.astype(np.float16),
        "biases": estimator.biases_,
        "slopes": estimator.slopes_,
        "shifts": estimator.shifts_,
        "vocabulary": np.frombuffer(" ".join(words).encode("utf-8", "replace"), np.uint8),
    }


def goals(category: str) -> dict[str, float]:
    """Return what the thresholds of a category must reach."""
    if category == "SPAM":
        return SPAM_GOALS
    return FINER_GOALS if category in recipe.FINER else GOALS


def _thresholds(
    estimator: CommentClassifier, rows: Sequence[Row], population: Matrix
) -> Thresholds:
    scores = estimator.predict_proba(records(rows))
    labels = recipe.labels_of(rows, estimator.categories)
    calm = np.array([row.source in recipe.CALM for row in rows])
    table = {}
    for column, category in enumerate(estimator.categories):
        known = ~np.isnan(labels[:, column])
        quiet = calm & (labels[:, column] == 0)
        table[category] = measures.thresholds(
            labels[known, column],
            scores[known, column],
            population[known, column],
            calm=scores[quiet, column],
            goals=goals(category),
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
