"""What is recorded of a classifier when it is trained: its figures on test rows, its origin."""

import platform
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import audit, measures, peer, recipe
from ml.dataset import Row
from ml.pipeline import CommentClassifier

Thresholds = dict[str, dict[str, float]]
Parts = dict[str, list[Row]]

# Figures of a source are told when it has at least so many test rows of either kind.
FEWEST = 20
MAIN = ("SPAM", "TOXICITY")


def gather(
    estimator: CommentClassifier,
    thresholds: Thresholds,
    parts: Parts,
    *,
    seed: int,
    python: Path | None = None,
) -> dict[str, Any]:
    """Return the facts about a fitted estimator; `python` has the peer, if it is wanted."""
    test = parts["test"]
    calm = [row for row in test if row.source in recipe.CALM]
    scores = estimator.predict_proba(records(test))
    return {
        "categories": list(estimator.categories),
        "thresholds": thresholds,
        "goals_measured_on": f"{len(parts['calibrate'])} rows kept apart, weighted to `prevalence`",
        "prevalence": {c: recipe.PREVALENCE.get(c, recipe.RARE) for c in estimator.categories},
        "test": _by_category(estimator, thresholds, test, scores),
        "by_source": _by_source(estimator, test, scores, python=python),
        "calm_caught": audit.calm_caught(estimator, calm, thresholds),
        "robustness": audit.robustness(estimator, test, thresholds, seed=seed),
        "fairness": audit.fairness(estimator, thresholds, seed=seed),
        "rows": {name: len(part) for name, part in parts.items()},
        "sources": dict(Counter(row.source for part in parts.values() for row in part)),
        "seed": seed,
        "parameters": {"bits": estimator.bits, "penalty": estimator.penalty},
        "trained_with": {
            "python": platform.python_version(),
            "unicode": unicodedata.unidata_version,
        },
    }


def records(rows: Sequence[Row]) -> list[Any]:
    """Return rows as the classifier reads them."""
    return [row.record for row in rows]


def _by_category(
    estimator: CommentClassifier,
    thresholds: Thresholds,
    rows: Sequence[Row],
    scores: NDArray[np.float32],
) -> dict[str, Any]:
    labels = recipe.labels_of(rows, estimator.categories)
    population = recipe.population(rows, estimator.categories)
    figures = {}
    for column, category in enumerate(estimator.categories):
        known = ~np.isnan(labels[:, column])
        figures[category] = measures.summary(
            labels[known, column],
            scores[known, column],
            thresholds[category],
            weights=population[known, column],
        )
    return figures


def _by_source(
    estimator: CommentClassifier,
    rows: Sequence[Row],
    scores: NDArray[np.float32],
    *,
    python: Path | None,
) -> dict[str, Any]:
    """Return for spam and toxicity the figures of each source that has both kinds of rows."""
    figures: dict[str, Any] = {}
    beside = None if python is None else peer.probabilities(python, [row.text for row in rows])
    for column, category in enumerate(estimator.categories):
        if category in MAIN:
            ours, theirs = scores[:, column], beside if category == audit.CATEGORY else None
            figures[category] = dict(_sources(category, rows, {"ours": ours, "peer": theirs}))
    return figures


def _sources(
    category: str, rows: Sequence[Row], scores: Mapping[str, NDArray[Any] | None]
) -> list[tuple[str, dict[str, Any]]]:
    labels = np.array([row.labels.get(category, np.nan) for row in rows])
    sources = np.array([row.source for row in rows])
    found = []
    for source in sorted(set(sources)):
        these = (sources == source) & ~np.isnan(labels)
        kinds = Counter(labels[these])
        if min(kinds[0.0], kinds[1.0]) >= FEWEST:
            figures: dict[str, Any] = {"positives": kinds[1.0], "negatives": kinds[0.0]}
            for name, given in scores.items():
                if given is not None:
                    figures[name] = measures.ranking(labels[these], given[these])
            found.append((str(source), figures))
    return found
