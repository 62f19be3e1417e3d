"""The precision of the rules: intervals, and what is counted."""

import pytest

from comments.models import Site
from moderation.insight import precision
from moderation.insight.precision import wilson
from moderation.models import Decision, DecisionSource
from moderation.rules.verdicts import Verdict
from moderation.screening import classifier
from tests.decided import decided


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        # As in Brown, Cai and DasGupta, “Interval Estimation for a Binomial Proportion” (2001).
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (90, 100, 0.8256, 0.9448),
        (0, 0, 0.0, 1.0),
    ],
)
def test_an_interval_is_wilsons(hits: int, total: int, low: float, high: float) -> None:
    assert wilson(hits, total) == pytest.approx((low, high), abs=0.0002)


@pytest.mark.parametrize("total", [1, 7, 400])
def test_the_share_lies_within(total: int) -> None:
    for hits in range(total + 1):
        low, high = wilson(hits, total)
        assert 0 <= low <= hits / total <= high <= 1


@pytest.mark.django_db
def test_each_ground_has_its_source_and_what_the_card_promised(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifier, "promised_precision", lambda: {"TOXICITY": 0.76})
    decided(site, "What an idiot.", by_moderator=Verdict.REJECT)
    decided(site, "You idiot, dear.", by_moderator=Verdict.APPROVE)
    reviewed = Decision.objects.filter(source=DecisionSource.MODERATOR)
    (row,) = [row for row in precision.of_rules(reviewed) if row["ground"] == "TOXICITY"]
    assert (row["source"], row["promised"]) == ("classifier", 0.76)
    assert (row["refused"], row["approved"], row["precision"]) == (1, 1, 0.5)
    assert row["low"] < 0.5 < row["high"]


def test_the_card_of_the_released_classifier_has_the_numbers() -> None:
    for share in classifier.promised_precision().values():
        assert 0 < share <= 1
