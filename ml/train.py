"""Train a classifier: `python -m ml.train --data DIR --out DIR`.

DIR holds labelled files (`*.csv` or `*.csv.gz`), in it or in its folders `train` and `aux`. The
rows are split once and for all: 80 % to fit, 10 % to calibrate, 10 % to test.
"""

import argparse
import platform
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

from ml import artifact, card, dataset, measures
from ml.dataset import Row
from ml.pipeline import CommentClassifier, Matrix, build

# The share of comments that are of a category where nobody moderates, as far as published figures
# tell. Probabilities and thresholds are for such a population, not for the mix of the sources.
PREVALENCE = {"SPAM": 0.3, "TOXICITY": 0.15}
RARE = 0.05
GOALS = {
    "hold_precision": 0.6,
    "hold_false_alarms": 0.01,
    "reject_precision": 0.95,
    "reject_false_alarms": 0.002,
}
# The finer categories overlap with TOXICITY: their alarms come on top of its own.
FINER_GOALS = {**GOALS, "hold_false_alarms": 0.002, "reject_false_alarms": 0.0005}
# A category with fewer positives than this is left out: a guess is worse than no score.
FEWEST_POSITIVES = 1000
# Sources of calm comments that nobody labelled as not toxic: presumed so, at a lower weight.
PRESUMED_CIVIL = {"goemotions": 0.3, "mmistakes_blog": 1.0, "hendrixjoseph_blog": 1.0}
# Sources in which the words for insults are labelled as attacks on a group, or the reverse.
NOT_USED = {"davidson", "jigsaw_wiki_stripped", "guest_misogyny", "hatemoji_build", "mlma"}
EVEN_SIZE = 8000


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, evaluate and save; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ml.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    rows = [_presume(row) for path in files(options.data) for row in dataset.read(path)]
    rows = [row for row in rows if row.source not in NOT_USED and row.text.strip()]
    if not rows:
        print(f"There are no labelled rows in {options.data}.", file=sys.stderr)
        return 1
    categories = enough(rows)
    estimator, facts = train(rows, categories, seed=options.seed)
    artifact.save(estimator, options.out, facts=facts)
    (options.out / "card.md").write_text(card.write(facts), encoding="utf-8")
    return 0


def files(data: Path) -> list[Path]:
    """Return the labelled files of a folder, in a fixed order."""
    folders = [data, data / "train", data / "aux"]
    return sorted(path for folder in folders for path in folder.glob("*.csv*"))


def enough(rows: Sequence[Row]) -> list[str]:
    """Return the categories for which there are positives enough to learn from."""
    positives = Counter(category for row in rows for category, yes in row.labels.items() if yes)
    return [category for category in dataset.COLUMNS if positives[category] >= FEWEST_POSITIVES]


def train(
    rows: Sequence[Row], categories: Sequence[str], *, seed: int
) -> tuple[CommentClassifier, dict[str, Any]]:
    """Return a fitted, calibrated estimator and the facts about it for its manifest."""
    parts: dict[str, list[Row]] = {"fit": [], "calibrate": [], "test": []}
    for row in rows:
        parts[dataset.part(row.text)].append(row)
    estimator = build(categories, seed=seed)
    fit, calibrate = parts["fit"], parts["calibrate"]
    estimator.fit(_texts(fit), labels_of(fit, categories), _weights(fit, categories))
    population = _population(calibrate, categories)
    estimator.calibrate(_texts(calibrate), labels_of(calibrate, categories), population)
    scores = estimator.predict_proba(_texts(calibrate))
    thresholds = _thresholds(labels_of(calibrate, categories), scores, population, categories)
    return estimator, _facts(estimator, thresholds, parts, seed=seed)


def goals(category: str) -> dict[str, float]:
    """Return what the thresholds of a category must reach."""
    return GOALS if category in PREVALENCE else FINER_GOALS


def labels_of(rows: Sequence[Row], categories: Sequence[str]) -> Matrix:
    """Return the labels as 1, 0 or NaN, of shape (rows, categories)."""
    table = [[row.labels.get(category, np.nan) for category in categories] for row in rows]
    return np.array(table, np.float32).reshape(len(rows), len(categories))


def _presume(row: Row) -> Row:
    if row.source in PRESUMED_CIVIL and "TOXICITY" not in row.labels:
        return replace(row, labels={**row.labels, "TOXICITY": False})
    return row


def _texts(rows: Sequence[Row]) -> list[str]:
    return [row.text for row in rows]


def _weights(rows: Sequence[Row], categories: Sequence[str]) -> Matrix:
    """Weigh rows so that a large source does not drown a small one."""
    sizes = Counter((row.source, category) for row in rows for category in row.labels)
    table = [
        [
            float(np.clip((EVEN_SIZE / sizes[row.source, category]) ** 0.5, 0.4, 4.0))
            * (PRESUMED_CIVIL.get(row.source, 1.0) if category == "TOXICITY" else 1.0)
            if category in row.labels
            else 0.0
            for category in categories
        ]
        for row in rows
    ]
    return np.array(table, np.float32)


def _population(rows: Sequence[Row], categories: Sequence[str]) -> Matrix:
    """Weigh rows so that each category is as frequent as where nobody moderates."""
    weights = _weights(rows, categories)
    labels = labels_of(rows, categories)
    for column, category in enumerate(categories):
        share = PREVALENCE.get(category, RARE)
        for value, mass in ((1, share), (0, 1 - share)):
            which = labels[:, column] == value
            weights[which, column] *= mass / max(float(weights[which, column].sum()), 1e-9)
    return weights


def _thresholds(
    labels: Matrix, scores: Matrix, population: Matrix, categories: Sequence[str]
) -> dict[str, dict[str, float]]:
    table = {}
    for column, category in enumerate(categories):
        known = ~np.isnan(labels[:, column])
        table[category] = measures.thresholds(
            labels[known, column],
            scores[known, column],
            population[known, column],
            goals=goals(category),
        )
    return table


def _facts(
    estimator: CommentClassifier,
    thresholds: Mapping[str, Mapping[str, float]],
    parts: Mapping[str, Sequence[Row]],
    *,
    seed: int,
) -> dict[str, Any]:
    return {
        "thresholds": thresholds,
        "goals": {category: goals(category) for category in estimator.categories},
        "prevalence": {c: PREVALENCE.get(c, RARE) for c in estimator.categories},
        "test": _test(estimator, thresholds, parts["test"]),
        "rows": {name: len(part) for name, part in parts.items()},
        "sources": dict(Counter(row.source for part in parts.values() for row in part)),
        "seed": seed,
        "environment": {
            "python": platform.python_version(),
            "scikit-learn": sklearn.__version__,
            "numpy": np.__version__,
        },
    }


def _test(
    estimator: CommentClassifier,
    thresholds: Mapping[str, Mapping[str, float]],
    rows: Sequence[Row],
) -> dict[str, Any]:
    scores = estimator.predict_proba(_texts(rows))
    labels = labels_of(rows, estimator.categories)
    figures = {}
    for column, category in enumerate(estimator.categories):
        known = ~np.isnan(labels[:, column])
        truth, given = labels[known, column], scores[known, column]
        figures[category] = {
            **measures.merits(truth, given),
            **{
                name: measures.at_threshold(truth, given, threshold)
                for name, threshold in thresholds[category].items()
            },
        }
    return figures


if __name__ == "__main__":
    sys.exit(main())
