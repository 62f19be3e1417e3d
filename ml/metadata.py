"""Collect the metadata of a trained classifier: metrics on test rows, data, parameters."""

import platform
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import audit, metrics, peer, recipe
from ml.dataset import Row
from ml.pipeline import CommentClassifier

Thresholds = dict[str, dict[str, float]]
Splits = dict[str, list[Row]]

# A source has metrics of its own when it has at least so many test rows of each class.
MIN_ROWS_PER_CLASS = 20
MAIN_CATEGORIES = ("SPAM", "TOXICITY")


def collect(
    estimator: CommentClassifier,
    thresholds: Thresholds,
    splits: Splits,
    *,
    seed: int,
    peer_python: Path | None = None,
) -> dict[str, Any]:
    """Return the metadata of a fitted estimator; `peer_python` has the peer, if any."""
    test = splits["test"]
    calm = [row for row in test if row.source in recipe.CALM_SOURCES]
    scores = estimator.predict_proba(records(test))
    return {
        "categories": list(estimator.categories),
        "thresholds": thresholds,
        "goals_measured_on": (
            f"{len(splits['calibrate'])} rows kept apart, weighted to `prevalence`"
        ),
        "prevalence": {
            c: recipe.PREVALENCE.get(c, recipe.RARE_PREVALENCE) for c in estimator.categories
        },
        "test": _by_category(estimator, thresholds, test, scores),
        "by_source": _by_source(estimator, test, scores, peer_python=peer_python),
        "calm_caught": audit.calm_false_positive_rates(estimator, calm, thresholds),
        "robustness": audit.robustness(estimator, test, thresholds, seed=seed),
        "fairness": audit.fairness(estimator, thresholds, seed=seed),
        "rows": {name: len(rows) for name, rows in splits.items()},
        "sources": dict(Counter(row.source for rows in splits.values() for row in rows)),
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
    labels = recipe.label_matrix(rows, estimator.categories)
    weights = recipe.population_weights(rows, estimator.categories)
    figures = {}
    for column, category in enumerate(estimator.categories):
        labelled = ~np.isnan(labels[:, column])
        figures[category] = metrics.category_metrics(
            labels[labelled, column],
            scores[labelled, column],
            thresholds[category],
            weights=weights[labelled, column],
        )
    return figures


def _by_source(
    estimator: CommentClassifier,
    rows: Sequence[Row],
    scores: NDArray[np.float32],
    *,
    peer_python: Path | None,
) -> dict[str, Any]:
    """Return for spam and toxicity the metrics of each source that has both classes."""
    figures: dict[str, Any] = {}
    texts = [row.text for row in rows]
    peer_scores = peer.probabilities(peer_python, texts) if peer_python else None
    for column, category in enumerate(estimator.categories):
        if category in MAIN_CATEGORIES:
            by_name = {
                "ours": scores[:, column],
                "peer": peer_scores if category == audit.CATEGORY else None,
            }
            figures[category] = dict(_sources(category, rows, by_name))
    return figures


def _sources(
    category: str, rows: Sequence[Row], scores: Mapping[str, NDArray[Any] | None]
) -> list[tuple[str, dict[str, Any]]]:
    labels = np.array([row.labels.get(category, np.nan) for row in rows])
    sources = np.array([row.source for row in rows])
    metrics_by_source = []
    for source in sorted(set(sources)):
        of_source = (sources == source) & ~np.isnan(labels)
        class_counts = Counter(labels[of_source])
        if min(class_counts[0.0], class_counts[1.0]) >= MIN_ROWS_PER_CLASS:
            figures: dict[str, Any] = {
                "positives": class_counts[1.0],
                "negatives": class_counts[0.0],
            }
            for name, source_scores in scores.items():
                if source_scores is not None:
                    figures[name] = metrics.ranking_metrics(
                        labels[of_source], source_scores[of_source]
                    )
            metrics_by_source.append((str(source), figures))
    return metrics_by_source
