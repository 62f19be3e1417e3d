"""Compare a candidate with what stands, on texts that neither has learned from.

A paired bootstrap (Efron and Tibshirani 1993, An Introduction to the Bootstrap): both judge the
same texts, and texts are drawn again and again. Ties count half (mid-p), since most texts are
judged alike.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
Counts = NDArray[np.int64]


class Errors(NamedTuple):
    """For each text how many of its labels the scores contradict: missed harm, and false alarms."""

    misses: Counts
    false_alarms: Counts

    @property
    def all(self) -> Counts:
        """Both together."""
        return self.misses + self.false_alarms


def errors(
    labels: Sequence[Mapping[str, bool]],
    rows: Sequence[Mapping[str, float]],
    hold_at: Mapping[str, float],
) -> Errors:
    """Count the errors on each text, of whose categories those in `hold_at` count."""
    misses, false_alarms = np.zeros(len(labels), np.int64), np.zeros(len(labels), np.int64)
    for number, (known, row) in enumerate(zip(labels, rows, strict=True)):
        for category, harmful in known.items():
            if category not in hold_at or category not in row:
                continue
            held = row[category] >= hold_at[category]
            misses[number] += harmful and not held
            false_alarms[number] += held and not harmful
    return Errors(misses, false_alarms)


class CategoryTally(NamedTuple):
    """How many texts of a category are harmful and harmless, and how many of each were held."""

    harmful: int
    harmless: int
    caught: int
    false_alarms: int


def tallies(
    labels: Sequence[Mapping[str, bool]],
    rows: Sequence[Mapping[str, float]],
    hold_at: Mapping[str, float],
) -> dict[str, CategoryTally]:
    """Count by category what the scores hold of the texts that are labelled for it."""
    counted = {}
    for category, limit in hold_at.items():
        known = [
            (label[category], row[category] >= limit)
            for label, row in zip(labels, rows, strict=True)
            if category in label and category in row
        ]
        if known:
            harmful, caught = sum(h for h, _ in known), sum(h and held for h, held in known)
            held = sum(held for _, held in known)
            counted[category] = CategoryTally(harmful, len(known) - harmful, caught, held - caught)
    return counted


def chance_of_no_gain(standing: Counts, candidate: Counts) -> float:
    """Return how likely it is that the candidate makes no fewer errors than what stands (mid-p)."""
    difference = candidate - standing
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(difference), (RESAMPLES, len(difference)))
    sums = difference[drawn].sum(axis=1)
    return float((sums > 0).mean() + (sums == 0).mean() / 2)


def any_held(
    rows: Sequence[Mapping[str, float]], hold_at: Mapping[str, float]
) -> NDArray[np.bool_]:
    """Return for each text whether any score reaches its threshold."""
    return np.array(
        [
            any(row.get(category, 0.0) >= limit for category, limit in hold_at.items())
            for row in rows
        ],
        np.bool_,
    )
