"""Metrics of ranking and calibration with confidence intervals, and thresholds from goals."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

Vector = NDArray[np.floating[Any]]
# A threshold that no score reaches.
NEVER = 1.01
BINS = 15
RESAMPLES = 100


def category_metrics(
    labels: Vector, scores: Vector, thresholds: Mapping[str, float], *, weights: Vector
) -> dict[str, Any]:
    """Return the metrics of a category; None where one is undefined.

    `labels` are 1 or 0, `scores` probabilities, all of shape (rows,). Calibration error and
    precision are those of the population that `weights` make. `intervals` has the 95 % bootstrap
    intervals of the others (percentiles of 100 resamples; Efron 1979).
    """
    return {
        "positives": int(labels.sum()),
        "negatives": int((1 - labels).sum()),
        **ranking_metrics(labels, scores),
        "calibration_error": round(expected_calibration_error(labels, scores, weights), 4),
        **{
            name: metrics_at_threshold(labels, scores, threshold, weights=weights)
            for name, threshold in thresholds.items()
        },
        "intervals": _intervals(labels, scores, thresholds, weights),
    }


def ranking_metrics(labels: Vector, scores: Vector) -> dict[str, float | None]:
    """Return the ROC AUC and the average precision, None when all labels are equal."""
    both = 0 < float(labels.sum()) < len(labels)
    return {
        "roc_auc": round(float(roc_auc_score(labels, scores)), 4) if both else None,
        "average_precision": (
            round(float(average_precision_score(labels, scores)), 4) if both else None
        ),
    }


def _intervals(
    labels: Vector, scores: Vector, thresholds: Mapping[str, float], weights: Vector
) -> dict[str, list[float] | None]:
    rng = np.random.default_rng(0)
    samples: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(RESAMPLES):
        rows = rng.integers(0, len(labels), len(labels))
        for name, value in _resampled_metrics(
            labels[rows], scores[rows], thresholds, weights[rows]
        ):
            samples[name] += [] if value is None else [value]
    return {name: _percentiles(values) for name, values in samples.items()}


def _resampled_metrics(
    labels: Vector, scores: Vector, thresholds: Mapping[str, float], weights: Vector
) -> Iterator[tuple[str, float | None]]:
    yield from ranking_metrics(labels, scores).items()
    for name, threshold in thresholds.items():
        at = metrics_at_threshold(labels, scores, threshold, weights=weights)
        yield from ((f"{name}_{metric}", at[metric]) for metric in ("precision", "recall"))


def _percentiles(values: Sequence[float]) -> list[float] | None:
    return [round(float(v), 4) for v in np.percentile(values, [2.5, 97.5])] if values else None


def expected_calibration_error(
    labels: Vector, scores: Vector, weights: Vector | None = None
) -> float:
    """Return the expected calibration error over 15 bins of equal width (Naeini et al. 2015)."""
    weights = np.ones_like(scores) if weights is None else weights
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    gap = np.bincount(bins, weights * (labels - scores), minlength=BINS)
    return float(np.abs(gap).sum() / weights.sum())


def precision_cut(labels: Vector, scores: Vector, weights: Vector, goal: float) -> float:
    """Return the lowest score from which the precision reaches a goal, else 1.01 (no score).

    The precision is that of the population that `weights` make.
    """
    precision, _, cuts = precision_recall_curve(labels, scores, sample_weight=weights)
    return _lowest_cut(cuts, precision[:-1], goal)


def quantile_cut(scores: Vector, share: float) -> float:
    """Return a threshold that at most this share of the scores reaches, a little above them."""
    return float(np.quantile(scores, 1 - share)) + 1e-4 if len(scores) else 0.0


def metrics_at_threshold(
    labels: Vector, scores: Vector, threshold: float, *, weights: Vector
) -> dict[str, float | None]:
    """Return precision, recall and false positive rate of scores from `threshold` up."""
    caught = scores >= threshold
    right = float(weights[caught & (labels == 1)].sum())
    total = float(weights[caught].sum())
    return {
        "threshold": threshold,
        "precision": round(right / total, 4) if total else None,
        "recall": _share(caught[labels == 1]),
        "false_alarms": _share(caught[labels == 0]),
    }


def _lowest_cut(cuts: Vector, precision: Vector, goal: float) -> float:
    """Return the lowest cut that reaches the precision: the one with the highest recall."""
    reached = np.flatnonzero(precision >= goal)
    return float(cuts[reached[0]]) if len(reached) else NEVER


def _share(caught: NDArray[np.bool_]) -> float | None:
    return round(float(caught.mean()), 4) if len(caught) else None
