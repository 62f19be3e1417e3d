"""Thresholds of holding are the lowest that reach their goals, in steps that people can read."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from ml import thresholds
from ml.dataset import Row
from ml.metrics import NEVER
from ml.tokens import Record, text_of

CATEGORIES = ("TOXICITY", "INSULT")


class ReadsNumbers:
    """Scores a text as the number that it begins with, in every category, and others as 0."""

    categories = CATEGORIES

    def predict_proba(self, records: Sequence[Record], /) -> NDArray[np.float64]:
        scores = [_number(text_of(record)) for record in records]
        return np.array(scores).reshape(-1, 1).repeat(len(CATEGORIES), axis=1)


def _number(text: str) -> float:
    first = text.partition(" ")[0]
    return float(first) if first.replace(".", "").isdigit() else 0.0


def scored(*, calm_up_to: float) -> list[Row]:
    """Return as many harmful comments with scores up to 1 as calm ones with scores up to this."""
    harmful, calm = (dict.fromkeys(CATEGORIES, harm) for harm in (True, False))
    steps = range(1000)
    return [
        *(Row(f"{n / 1000} is bad", harmful, "made_up") for n in steps),
        *(Row(f"{calm_up_to * n / 1000} is fine", calm, "mmistakes_blog") for n in steps),
    ]


def hold_at(rows: Sequence[Row]) -> dict[str, float]:
    found = thresholds.find(ReadsNumbers(), rows, seed=0)
    return {category: limits["hold_at"] for category, limits in found.items()}


def test_a_category_holds_from_the_score_that_hardly_any_calm_comment_has() -> None:
    assert hold_at(scored(calm_up_to=0.6)) == dict.fromkeys(CATEGORIES, 0.6)


def test_what_calm_comments_score_raises_the_threshold() -> None:
    low, high = (hold_at(scored(calm_up_to=share)) for share in (0.3, 0.8))
    assert all(low[category] < high[category] for category in CATEGORIES)


@pytest.mark.parametrize(
    ("found", "rounded"),
    [(0.5777, 0.58), (0.07, 0.07), (0.5001, 0.51), (0.9993, 0.9993), (NEVER, NEVER)],
)
def test_a_threshold_is_rounded_up_to_hundredths(found: float, rounded: float) -> None:
    assert thresholds.in_hundredths(found) == rounded


def test_of_quoted_threats_more_may_wait_than_of_quoted_insults() -> None:
    assert thresholds.goals("THREAT")["contrasts"] > thresholds.goals("INSULT")["contrasts"]
