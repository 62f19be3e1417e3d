"""Figures of merit: how well scores order, how honest they are, where thresholds should lie."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

Vector = NDArray[np.floating[Any]]
BINS = 15


def merits(labels: Vector, scores: Vector) -> dict[str, float | int | None]:
    """Return ROC AUC, average precision and what happens at 0.5; None where it can't be told.

    `labels` are 1 or 0, `scores` probabilities, both of shape (rows,).
    """
    positive, negative = scores[labels == 1], scores[labels == 0]
    both = len(positive) > 0 and len(negative) > 0
    return {
        "positives": len(positive),
        "negatives": len(negative),
        "roc_auc": round(float(roc_auc_score(labels, scores)), 4) if both else None,
        "average_precision": (
            round(float(average_precision_score(labels, scores)), 4) if both else None
        ),
        "recall_at_half": _share(positive >= 0.5),
        "false_alarms_at_half": _share(negative >= 0.5),
        "calibration_error": round(calibration_error(labels, scores), 4) if both else None,
    }


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


def summary(
    labels: Vector, scores: Vector, limits: Mapping[str, float], *, weights: Vector
) -> dict[str, Any]:
    """Return the figures of a category, with what each of its thresholds does.

    The calibration error is that of the population that `weights` make.
    """
    return {
        **merits(labels, scores),
        "calibration_error": round(calibration_error(labels, scores, weights), 4),
        **{name: at_threshold(labels, scores, limit) for name, limit in limits.items()},
    }


def at_threshold(labels: Vector, scores: Vector, threshold: float) -> dict[str, float | None]:
    """Return the recall and the false alarms when everything from `threshold` up is caught."""
    return {
        "recall": _share(scores[labels == 1] >= threshold),
        "false_alarms": _share(scores[labels == 0] >= threshold),
    }


def _lowest(cuts: Vector, precision: Vector, goal: float) -> float:
    """Return the lowest cut from which on the precision never falls below the goal again."""
    below = np.flatnonzero(precision < goal)
    first = int(below[-1]) + 1 if len(below) else 0
    return float(cuts[first]) if first < len(cuts) else 1.01


def _share(caught: NDArray[np.bool_]) -> float | None:
    return round(float(caught.mean()), 4) if len(caught) else None
