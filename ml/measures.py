"""Figures of merit: how well scores order, how honest they are, where thresholds should lie."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
    the precision are those of the population that `weights` make. `intervals` has for the others
    their 95 % bootstrap intervals (percentiles of 100 resamples; Efron 1979).
    """
    return {
        "positives": int(labels.sum()),
        "negatives": int((1 - labels).sum()),
        **ranking(labels, scores),
        "calibration_error": round(calibration_error(labels, scores, weights), 4),
        **{
            name: at_threshold(labels, scores, limit, weights=weights)
            for name, limit in limits.items()
        },
        "intervals": _intervals(labels, scores, limits, weights),
    }


def ranking(labels: Vector, scores: Vector) -> dict[str, float | None]:
    """Return the ROC AUC and the average precision (PR AUC), None where all labels are the same."""
    both = 0 < float(labels.sum()) < len(labels)
    return {
        "roc_auc": round(float(roc_auc_score(labels, scores)), 4) if both else None,
        "average_precision": (
            round(float(average_precision_score(labels, scores)), 4) if both else None
        ),
    }


def _intervals(
    labels: Vector, scores: Vector, limits: Mapping[str, float], weights: Vector
) -> dict[str, list[float] | None]:
    chance = np.random.default_rng(0)
    drawn: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(RESAMPLES):
        rows = chance.integers(0, len(labels), len(labels))
        for name, value in _figures(labels[rows], scores[rows], limits, weights[rows]):
            drawn[name] += [] if value is None else [value]
    return {name: _percentiles(values) for name, values in drawn.items()}


def _figures(
    labels: Vector, scores: Vector, limits: Mapping[str, float], weights: Vector
) -> Iterator[tuple[str, float | None]]:
    yield from ranking(labels, scores).items()
    for act, limit in limits.items():
        found = at_threshold(labels, scores, limit, weights=weights)
        yield from ((f"{act}_{name}", found[name]) for name in ("precision", "recall"))


def _percentiles(values: Sequence[float]) -> list[float] | None:
    return [round(float(v), 4) for v in np.percentile(values, [2.5, 97.5])] if values else None


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
