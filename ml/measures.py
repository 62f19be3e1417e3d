"""Figures of merit: how well scores order, how honest they are, where thresholds should lie."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

Vector = NDArray[np.floating[Any]]
BINS = 15
RESAMPLES = 100


def summary(
    labels: Vector, scores: Vector, limits: Mapping[str, float], *, weights: Vector
) -> dict[str, Any]:
    """Return the figures of a category: None where they can't be told.

    `labels` are 1 or 0, `scores` probabilities, all of shape (rows,). The calibration error and
    the precision are those of the population that `weights` make.
    """
    both = 0 < float(labels.sum()) < len(labels)
    return {
        "positives": int(labels.sum()),
        "negatives": int((1 - labels).sum()),
        "roc_auc": round(float(roc_auc_score(labels, scores)), 4) if both else None,
        "roc_auc_interval": interval(labels, scores) if both else None,
        "average_precision": (
            round(float(average_precision_score(labels, scores)), 4) if both else None
        ),
        "calibration_error": round(calibration_error(labels, scores, weights), 4),
        **{
            name: at_threshold(labels, scores, limit, weights=weights)
            for name, limit in limits.items()
        },
    }


def interval(labels: Vector, scores: Vector) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the ROC AUC (percentiles of 100 resamples)."""
    chance = np.random.default_rng(0)
    drawn = []
    for _ in range(RESAMPLES):
        rows = chance.integers(0, len(labels), len(labels))
        if 0 < labels[rows].sum() < len(rows):
            drawn.append(roc_auc_score(labels[rows], scores[rows]))
    low, high = np.percentile(drawn or [np.nan], [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def calibration_error(labels: Vector, scores: Vector, weights: Vector | None = None) -> float:
    """Return the expected calibration error over 15 bins of equal width (Naeini et al. 2015)."""
    weights = np.ones_like(scores) if weights is None else weights
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    gap = np.bincount(bins, weights * (labels - scores), minlength=BINS)
    return float(np.abs(gap).sum() / weights.sum())


def thresholds(
    labels: Vector, scores: Vector, weights: Vector, *, calm: Vector, goals: Mapping[str, float]
) -> dict[str, float]:
    """Return the lowest thresholds that reach the goals, on a population weighted by `weights`.

    `goals` names, for holding and for rejecting, the least precision and the largest share of calm
    comments that may be caught; `calm` are the scores of those. A goal out of reach gives a
    threshold that nothing reaches, 1.01.
    """
    precision, _, cuts = precision_recall_curve(labels, scores, sample_weight=weights)
    hold_at, reject_at = (
        max(
            _lowest(cuts, precision[:-1], goals[f"{act}_precision"]),
            float(np.quantile(calm, 1 - goals[f"{act}_false_alarms"])) if len(calm) else 0.0,
        )
        for act in ("hold", "reject")
    )
    return {"hold_at": round(hold_at, 4), "reject_at": round(max(hold_at, reject_at), 4)}


def at_threshold(
    labels: Vector, scores: Vector, threshold: float, *, weights: Vector
) -> dict[str, float | None]:
    """Return what happens when everything from `threshold` up is caught."""
    caught = scores >= threshold
    right = float(weights[caught & (labels == 1)].sum())
    total = float(weights[caught].sum())
    return {
        "threshold": threshold,
        "precision": round(right / total, 4) if total else None,
        "recall": _share(caught[labels == 1]),
        "false_alarms": _share(caught[labels == 0]),
    }


def _lowest(cuts: Vector, precision: Vector, goal: float) -> float:
    """Return the lowest cut that reaches the goal: the one with most recall."""
    reached = np.flatnonzero(precision >= goal)
    return float(cuts[reached[0]]) if len(reached) else 1.01


def _share(caught: NDArray[np.bool_]) -> float | None:
    return round(float(caught.mean()), 4) if len(caught) else None
