"""After an outage: what was held only for that is screened again, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from comments.models import Comment, Site, Status
from moderation.models import Decision, DecisionSource, QueueReason, Reviewable, Screening
from moderation.rules.verdicts import Reason, Verdict
from moderation.screening import classifier, outages, screen
from tests.decided import decided, rule
from tests.factories import (
    CommentFactory,
    DecisionFactory,
    MembershipFactory,
    ReviewableFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=5)


def held(*reasons: str, hours: float = 1, **entry: Any) -> Comment:
    """Return a comment that came in and was held for these reasons so many hours ago."""
    came_in = timezone.now() - timedelta(hours=hours)
    comment = CommentFactory(status=Status.HELD, created_at=came_in)
    grounds = [{"reason": reason, "verdict": "HOLD"} for reason in reasons]
    DecisionFactory(comment=comment, verdict=Verdict.HOLD, grounds=grounds, decided_at=came_in)
    ReviewableFactory(comment=comment, opened_at=came_in, **entry)
    return comment


def rechecked(**later: float) -> set[Any]:
    outages.recheck(now=timezone.now() + timedelta(**later))
    return set(Screening.objects.values_list("comment_id", flat=True))


def test_what_the_classifier_missed_is_decided_when_it_is_back(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise classifier.ClassifierAway("it is away")

    with monkeypatch.context() as outage:
        outage.setattr(classifier, "classifier", away)
        comment = decided(site, "A calm one.")
        assert comment.status == Status.HELD
        assert not rechecked(minutes=5)
    assert rechecked(minutes=5) == {comment.pk}
    screen.sweep(now=timezone.now() + LATER)
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED
    assert not Reviewable.objects.open().exists()


@pytest.mark.parametrize("reason", sorted(outages.AWAY))
def test_what_is_held_for_an_outage_alone_is_due(reason: str) -> None:
    comment = held(reason)
    assert rechecked() == {comment.pk}


@pytest.mark.parametrize(
    "reasons",
    [
        (Reason.CLASSIFIER_AWAY, Reason.HELD_WORD),
        (Reason.SCREENING_FAILED,),
        (Reason.ALL_HELD, Reason.EXTERNAL_SILENT),
        (),
    ],
)
def test_what_is_held_for_more_is_left_to_a_person(reasons: tuple[str, ...]) -> None:
    held(*reasons)
    assert not rechecked()


@pytest.mark.parametrize("why", [QueueReason.REPORTED, QueueReason.APPEALED, QueueReason.HELD])
def test_what_waits_for_another_cause_stays(why: QueueReason) -> None:
    held(Reason.CLASSIFIER_AWAY, why=why)
    assert not rechecked()


def test_what_a_moderator_reads_stays() -> None:
    until = timezone.now() + timedelta(minutes=10)
    held(Reason.CLASSIFIER_AWAY, claimed_by=UserFactory(), claimed_until=until)
    assert not rechecked()


def test_a_persons_decision_is_not_touched(site: Site) -> None:
    comment = held(Reason.CLASSIFIER_AWAY)
    moderator = MembershipFactory(site=comment.site).user
    first = Decision.objects.get()
    DecisionFactory(
        comment=comment,
        verdict=Verdict.HOLD,
        source=DecisionSource.MODERATOR,
        decided_by=moderator,
        overrides=first,
    )
    assert not rechecked()


def test_a_decision_that_comes_before_the_second_look_stands() -> None:
    comment = held(Reason.CLASSIFIER_AWAY)
    outages.recheck(now=timezone.now())
    moderator = MembershipFactory(site=comment.site).user
    screen.decide([rule(comment, Verdict.REJECT, moderator)], now=timezone.now())
    screen.sweep(now=timezone.now() + LATER)
    comment.refresh_from_db()
    assert comment.status == Status.REJECTED


def test_a_service_that_stays_silent_is_asked_less_and_less_often() -> None:
    comment = held(Reason.EXTERNAL_SILENT, hours=10)
    Decision.objects.update(decided_at=timezone.now() - timedelta(hours=4))
    assert not rechecked()
    assert rechecked(hours=3) == {comment.pk}


def test_what_is_older_than_a_week_is_left_to_people() -> None:
    held(Reason.CLASSIFIER_AWAY, hours=24 * 7 + 1)
    assert not rechecked()


def test_it_goes_on_until_none_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "BATCH", 2)
    waiting = {held(Reason.CLASSIFIER_AWAY).pk for _ in range(5)}
    assert rechecked() == waiting
