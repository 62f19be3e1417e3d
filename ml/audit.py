"""Audits of a fitted estimator: does it see through tricks, and is it fair to groups of people?"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import identities, tricks
from ml.dataset import Row
from ml.measures import Vector
from ml.pipeline import CommentClassifier

Thresholds = Mapping[str, Mapping[str, float]]

CATEGORY = "TOXICITY"
MOST_ROWS, LONGEST = 1000, 300
IDENTITIES_EACH = 60


def calm_caught(
    estimator: CommentClassifier, rows: Sequence[Row], thresholds: Thresholds
) -> dict[str, Any]:
    """Return the share of calm comments caught by each threshold, and by any."""
    calm = [row for row in rows if not any(row.labels.values())]
    scores = estimator.predict_proba([row.record for row in calm])
    figures: dict[str, Any] = {"rows": len(calm), "any": {}}
    for act in ("hold_at", "reject_at"):
        limits = [thresholds[category][act] for category in estimator.categories]
        caught = np.asarray(scores >= np.array(limits))
        figures["any"][act] = _share(np.asarray(caught.any(axis=1)))
        for column, category in enumerate(estimator.categories):
            figures.setdefault(category, {})[act] = _share(caught[:, column])
    return figures


def robustness(
    estimator: CommentClassifier, rows: Sequence[Row], thresholds: Thresholds, *, seed: int
) -> dict[str, Any]:
    """Return for each trick the share of toxic rows still held, and of civil rows newly held.

    The tricks are played on every word of short English rows that were plainly held, or not.
    """
    if CATEGORY not in estimator.categories:
        return {}
    limit = thresholds[CATEGORY]["hold_at"]
    texts = _short(rows, toxic=True), _short(rows, toxic=False)
    toxic, civil = (
        [t for t, held in zip(some, _held(estimator, some, limit), strict=True) if held == wanted]
        for some, wanted in zip(texts, (True, False), strict=True)
    )
    figures = {}
    for name, trick in tricks.TRICKS.items():
        chance = random.Random(seed)  # noqa: S311 (nothing secret)
        kept, gained = (
            _held(estimator, [tricks.apply(trick, t, share=1, chance=chance) for t in some], limit)
            for some in (toxic, civil)
        )
        figures[name] = {"recall_kept": _share(kept), "false_alarms_gained": _share(gained)}
    return figures


def fairness(
    estimator: CommentClassifier, thresholds: Thresholds, *, seed: int
) -> dict[str, dict[str, float | None]]:
    """Return for each group its AUCs (Borkan et al. 2019) and its share of civil rows held.

    Measured on templates that were not learned from, each language apart.
    """
    if CATEGORY not in estimator.categories:
        return {}
    rows = list(identities.rows(each=IDENTITIES_EACH, seed=seed + 1, part=1))
    column = list(estimator.categories).index(CATEGORY)
    scores = estimator.predict_proba([row.text for row in rows])[:, column].astype(float)
    labels = np.array([row.labels[CATEGORY] for row in rows], float)
    subsets = np.array([row.subset for row in rows])
    figures: dict[str, dict[str, float | None]] = {}
    for language in identities.LANGUAGES:
        these = np.char.startswith(subsets, f"{language}: ")
        members = {group: subsets[these] == group for group in dict.fromkeys(subsets[these])}
        figures |= groups(members, labels[these], scores[these], thresholds[CATEGORY]["hold_at"])
    return figures


def groups(
    members: Mapping[str, NDArray[np.bool_]], labels: Vector, scores: Vector, hold_at: float
) -> dict[str, dict[str, float | None]]:
    """Return for each group its AUCs, and which shares of its civil and toxic rows are held."""
    held = scores >= hold_at
    return {
        group: {
            **found,
            "civil_held": _share(held[members[group] & (labels == 0)]),
            "hostile_held": _share(held[members[group] & (labels == 1)]),
        }
        for group, found in identities.bias(members, labels, scores).items()
    }


def _short(rows: Sequence[Row], *, toxic: bool) -> list[str]:
    found = [
        row.text
        for row in rows
        if row.labels.get(CATEGORY) is toxic and len(row.text) <= LONGEST and row.text.isascii()
    ]
    return found[:: max(1, len(found) // MOST_ROWS)]


def _held(estimator: CommentClassifier, texts: Sequence[str], limit: float) -> NDArray[np.bool_]:
    column = list(estimator.categories).index(CATEGORY)
    return np.asarray(estimator.predict_proba(texts)[:, column] >= limit)


def _share(caught: NDArray[np.bool_]) -> float:
    return round(float(caught.mean()), 4) if len(caught) else float("nan")
