"""Thresholds by the blind audit: suggested where they would save time, and only beyond noise."""

from random import Random

import pytest

from comments.models import Site, User
from moderation.insight import audited_thresholds
from moderation.insight.audited_thresholds import Audited, suggest
from moderation.rules.verdicts import Verdict
from tests.factories import PolicyFactory
from tests.moderation.audited import audit


def rows(*, harmful_from: float, number: int = 200, seed: int = 0) -> list[Audited]:
    """Return comments that are harmful from a score on, settled ones all of one weight."""
    random = Random(seed)
    scores = [random.random() for _ in range(number)]
    return [Audited(score, score >= harmful_from, 100.0) for score in scores]


def test_a_threshold_too_high_is_suggested_lower() -> None:
    found = suggest("SPAM", rows(harmful_from=0.4), 0.9)
    assert found is not None
    assert found.suggested == pytest.approx(0.4, abs=0.05)
    assert found.minutes_saved > 0
    assert found.missed[1] < found.missed[0]


def test_a_threshold_too_low_is_suggested_higher() -> None:
    found = suggest("SPAM", rows(harmful_from=0.8), 0.1)
    assert found is not None
    assert found.suggested == pytest.approx(0.8, abs=0.05)
    assert found.held[1] < found.held[0]


def test_none_is_suggested_in_place_of_a_good_one() -> None:
    assert suggest("SPAM", rows(harmful_from=0.5), 0.5) is None


@pytest.mark.parametrize("number", [10, audited_thresholds.LEAST_TEXTS - 1])
def test_none_is_suggested_by_few(number: int) -> None:
    assert suggest("SPAM", rows(harmful_from=0.4, number=number), 0.9) is None


def test_none_is_suggested_where_hardly_anything_was_harmful() -> None:
    assert suggest("SPAM", rows(harmful_from=0.99), 0.1) is None


def test_noise_suggests_little() -> None:
    told = 0
    for seed in range(100):
        random = Random(seed)
        noise = [Audited(0.3, random.random() < 1 / 6, 100.0) for _ in range(200)]
        told += suggest("SPAM", noise, 0.5) is not None
    assert told <= 10


# What is read of a site.


@pytest.mark.django_db
@pytest.mark.parametrize(("blind", "suggested"), [(True, ["SPAM"]), (False, [])])
def test_what_was_decided_blind_counts_alone(
    site: Site, moderator: User, *, blind: bool, suggested: list[str]
) -> None:
    PolicyFactory(site=site, thresholds={"SPAM": {"hold_at": 0.9, "reject_at": 0.99}})
    for number in range(120):
        score = number / 120
        verdict = Verdict.SPAM if score > 0.5 else Verdict.APPROVE
        audit(site, moderator, score, verdict, blind=blind)
    assert [found.category for found in audited_thresholds.of_site(site)] == suggested
