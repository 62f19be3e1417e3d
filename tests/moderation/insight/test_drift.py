"""Drifts of verdicts and scores: told of once where they are real, and never for noise."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from comments.models import Site
from moderation.insight import alarms, drift, drift_in_words
from moderation.insight.drift import LEAST_REFERENCE, RECENT, Screened
from moderation.models import Alarm, Decision, Finding, Mail
from moderation.rules.verdicts import Reason, Verdict
from tests.factories import CommentFactory, DecisionFactory, SiteFactory

USUAL = {Verdict.APPROVE: 0.9, Verdict.HOLD: 0.07, Verdict.SPAM: 0.03}
HARSH = {Verdict.APPROVE: 0.6, Verdict.HOLD: 0.35, Verdict.SPAM: 0.05}
CATEGORIES = ("SPAM", "TOXICITY", "INSULT", "THREAT")


def sample(
    shares: dict[Verdict, float], number: int, *, seed: int, mean: float = 0.1
) -> list[Screened]:
    """Return so many screened comments, with scores about a mean."""
    random = Random(seed)
    return [
        Screened(
            random.choices(list(shares), list(shares.values()))[0],
            {name: random.betavariate(10 * mean, 10 * (1 - mean)) for name in CATEGORIES},
        )
        for _ in range(number)
    ]


def test_noise_is_never_told_of() -> None:
    for seed in range(300):
        recent = sample(USUAL, RECENT, seed=seed)
        assert drift.compare(recent, sample(USUAL, LEAST_REFERENCE, seed=10_000 + seed)) == []


def test_a_drift_of_verdicts_is_found_with_its_shares() -> None:
    (found,) = drift.compare(sample(HARSH, RECENT, seed=1), sample(USUAL, 2000, seed=2))
    assert found.category == ""
    assert found.now["held"] == pytest.approx(0.35, abs=0.08)
    assert found.before["held"] == pytest.approx(0.07, abs=0.03)
    (words,) = drift_in_words.sentences([found])
    assert words.startswith("Of the newest 200 comments the rules have: published 6")
    assert "(before 9" in words


def test_a_drift_of_scores_is_found_for_its_category() -> None:
    recent = [
        row._replace(scores={**row.scores, "SPAM": min(1.0, row.scores["SPAM"] + 0.4)})
        for row in sample(USUAL, RECENT, seed=1)
    ]
    (found,) = drift.compare(recent, sample(USUAL, 2000, seed=2))
    assert found.category == "SPAM"
    (words,) = drift_in_words.sentences([found])
    assert words.startswith("Scores for Spam have changed: ")


@pytest.mark.parametrize(("recent", "before"), [(RECENT - 1, 2000), (RECENT, LEAST_REFERENCE - 1)])
def test_a_small_site_is_never_told_of(recent: int, before: int) -> None:
    assert drift.compare(sample(HARSH, recent, seed=1), sample(USUAL, before, seed=2)) == []


def test_what_is_sure_but_small_is_not_told_of() -> None:
    slightly = {Verdict.APPROVE: 0.82, Verdict.HOLD: 0.13, Verdict.SPAM: 0.05}
    assert drift.compare(sample(slightly, RECENT, seed=1), sample(USUAL, 2000, seed=2)) == []


# What is read, and how it is told.


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have ten comments be enough."""
    for name, number in (("RECENT", 10), ("REFERENCE", 40), ("LEAST_REFERENCE", 20)):
        monkeypatch.setattr(drift, name, number)
    monkeypatch.setattr(drift, "P", 0.05)


def screened(site: Site, number: int, verdict: Verdict) -> None:
    for _ in range(number):
        decision = DecisionFactory(comment=CommentFactory(thread__site=site), verdict=verdict)
        decision.findings.create(
            check_name="classifier", reason=Reason.SCORE, category="SPAM", score=0.1
        )


pytestmark = pytest.mark.django_db


def check(**later: int) -> list[Mail]:
    before = set(Mail.objects.values_list("pk", flat=True))
    alarms.check_drift(now=timezone.now() + timedelta(**later))
    return list(Mail.objects.exclude(pk__in=before))


def test_it_is_told_once_and_again_only_after_it_has_ended(
    site: Site, moderator: object, few: None
) -> None:
    alarm = Alarm.objects.create(site=site)
    screened(site, 30, Verdict.APPROVE)
    assert check() == []
    screened(site, 10, Verdict.HOLD)
    (mail,) = check()
    assert "the rules have: published 0 % (before 100 %), held 100 % (before 0 %)" in mail.text
    assert check() == []
    screened(site, 50, Verdict.HOLD)
    assert check() == []
    alarm.refresh_from_db()
    assert alarm.drifting_since is None
    screened(site, 10, Verdict.APPROVE)
    assert len(check()) == 1


def test_nobody_is_told_who_does_not_want_it_or_of_another_site(
    site: Site, moderator: object, few: None
) -> None:
    Alarm.objects.create(site=site, drift=False)
    other = SiteFactory()
    Alarm.objects.create(site=other)
    for verdict, number in ((Verdict.APPROVE, 30), (Verdict.HOLD, 10)):
        screened(site, number, verdict)
    assert drift.of_site(site, now=timezone.now())
    assert drift.of_site(other, now=timezone.now()) == []
    assert check() == []


def test_what_is_older_than_four_weeks_is_not_compared(site: Site, few: None) -> None:
    screened(site, 30, Verdict.APPROVE)
    screened(site, 10, Verdict.HOLD)
    assert drift.of_site(site, now=timezone.now() + timedelta(days=29)) == []


def test_a_comment_counts_by_its_first_screening(site: Site, few: None) -> None:
    screened(site, 40, Verdict.APPROVE)
    for decision in Decision.objects.order_by("-id")[:10]:
        DecisionFactory(comment=decision.comment, verdict=Verdict.HOLD, overrides=decision)
    assert Finding.objects.count() == 40
    assert drift.of_site(site, now=timezone.now()) == []
