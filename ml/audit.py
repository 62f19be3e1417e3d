"""Audit a fitted classifier: robustness against obfuscation, and fairness to groups of people."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import bias, identities, obfuscation
from ml.dataset import Row
from ml.metrics import Vector
from ml.usage import Scorer

Thresholds = Mapping[str, Mapping[str, float]]

CATEGORY = "TOXICITY"
MAX_ROWS, MAX_CHARACTERS = 400, 300
ROWS_PER_GROUP = 60


def calm_false_positive_rates(
    scorer: Scorer, rows: Sequence[Row], thresholds: Thresholds
) -> dict[str, Any]:
    """Return the share of calm rows above each threshold, and above any of them."""
    scores = scorer.predict_proba([row.record for row in rows])
    figures: dict[str, Any] = {"rows": len(rows), "any": {}}
    for act in ("hold_at", "reject_at"):
        category_thresholds = [thresholds[category][act] for category in scorer.categories]
        caught = np.asarray(scores >= np.array(category_thresholds))
        figures["any"][act] = _share(np.asarray(caught.any(axis=1)))
        for column, category in enumerate(scorer.categories):
            figures.setdefault(category, {})[act] = _share(caught[:, column])
    return figures


def robustness(
    scorer: Scorer, rows: Sequence[Row], thresholds: Thresholds, *, seed: int
) -> dict[str, Any]:
    """Return for each obfuscation the shares of toxic rows still held and of civil rows newly held.

    Every word is obfuscated, in short English rows whose plain text was scored correctly.
    """
    if CATEGORY not in scorer.categories:
        return {}
    threshold = thresholds[CATEGORY]["hold_at"]
    texts = _short_texts(rows, toxic=True), _short_texts(rows, toxic=False)
    toxic, civil = (
        [
            t
            for t, held in zip(some, _held(scorer, some, threshold), strict=True)
            if held == expected
        ]
        for some, expected in zip(texts, (True, False), strict=True)
    )
    figures = {}
    for name, obfuscate in obfuscation.OBFUSCATIONS.items():
        rng = random.Random(seed)  # noqa: S311 (nothing secret)
        still_held, newly_held = (
            _held(
                scorer,
                [obfuscation.apply(obfuscate, t, share=1, rng=rng) for t in some],
                threshold,
            )
            for some in (toxic, civil)
        )
        figures[name] = {
            "recall_kept": _share(still_held),
            "false_alarms_gained": _share(newly_held),
        }
    return figures


def fairness(
    scorer: Scorer, thresholds: Thresholds, *, seed: int
) -> dict[str, dict[str, float | None]]:
    """Return for each group its bias metrics and its share of civil rows held.

    Measured on held-out templates, for each language separately.
    """
    if CATEGORY not in scorer.categories:
        return {}
    rows = list(identities.rows(per_group=ROWS_PER_GROUP, seed=seed + 1, held_out=True))
    column = list(scorer.categories).index(CATEGORY)
    scores = scorer.predict_proba([row.text for row in rows])[:, column].astype(float)
    labels = np.array([row.labels[CATEGORY] for row in rows], float)
    subsets = np.array([row.subset for row in rows])
    figures: dict[str, dict[str, float | None]] = {}
    for language in identities.LANGUAGES:
        in_language = np.char.startswith(subsets, f"{language}: ")
        members = {
            group: subsets[in_language] == group for group in dict.fromkeys(subsets[in_language])
        }
        figures |= group_metrics(
            members, labels[in_language], scores[in_language], thresholds[CATEGORY]["hold_at"]
        )
    return figures


def group_metrics(
    members: Mapping[str, NDArray[np.bool_]], labels: Vector, scores: Vector, hold_at: float
) -> dict[str, dict[str, float | None]]:
    """Return for each group its AUCs and the shares of its civil and hostile rows held."""
    held = scores >= hold_at
    return {
        group: {
            **values,
            "civil_held": _share(held[members[group] & (labels == 0)]),
            "hostile_held": _share(held[members[group] & (labels == 1)]),
        }
        for group, values in bias.bias_metrics(members, labels, scores).items()
    }


def _short_texts(rows: Sequence[Row], *, toxic: bool) -> list[str]:
    values = [
        row.text
        for row in rows
        if row.labels.get(CATEGORY) is toxic
        and len(row.text) <= MAX_CHARACTERS
        and row.text.isascii()
    ]
    return values[:: max(1, len(values) // MAX_ROWS)]


def _held(scorer: Scorer, texts: Sequence[str], threshold: float) -> NDArray[np.bool_]:
    column = list(scorer.categories).index(CATEGORY)
    return np.asarray(scorer.predict_proba(texts)[:, column] >= threshold)


def _share(caught: NDArray[np.bool_]) -> float:
    return round(float(caught.mean()), 4) if len(caught) else float("nan")
