"""Promotion and rollback: what scores then, what is screened again, and who is told."""

import pytest

from comments.models import Comment, Site, Status
from moderation.models import (
    AuditAction,
    AuditEntry,
    DecisionSource,
    LearningState,
    Screening,
    SiteClassifier,
)
from moderation.models.audit import SystemActor
from moderation.rules.verdicts import Verdict
from moderation.screening.learning import promotion, scores
from tests.factories import NOW, CommentFactory, DecisionFactory

pytestmark = pytest.mark.django_db


def learned(site: Site, number: int, **more: object) -> SiteClassifier:
    return SiteClassifier.objects.create(
        site=site,
        number=number,
        state=LearningState.CANDIDATE,
        base_version="fake-1",
        layer={"format": 2, "weights": {"SPAM": {"kasino": 9.0}}, "discounts": {}},
        texts=100,
        learned_until=NOW,
        created_at=NOW,
        **more,
    )


def promote(candidate: SiteClassifier, now=NOW) -> None:
    promotion.promote(candidate, by=SystemActor.COMMAND_LINE, now=now)


def test_one_classifier_scores_at_a_time(site: Site) -> None:
    first, second = learned(site, 1), learned(site, 2)
    promote(first)
    promote(second)
    first.refresh_from_db()
    assert first.state == LearningState.RETIRED
    assert scores.in_use(site, LearningState.STANDING) == second


def test_rolling_back_returns_to_the_one_before_and_then_to_the_shipped(site: Site) -> None:
    from datetime import timedelta

    first, second = learned(site, 1), learned(site, 2)
    promote(first)
    promote(second, now=NOW + timedelta(days=1))
    assert promotion.roll_back(site, by=SystemActor.COMMAND_LINE, now=NOW) == first
    assert promotion.roll_back(site, by=SystemActor.COMMAND_LINE, now=NOW) is None
    with pytest.raises(promotion.NothingToRollBack):
        promotion.roll_back(site, by=SystemActor.COMMAND_LINE, now=NOW)


def test_what_the_machine_holds_is_screened_again(site: Site) -> None:
    held = CommentFactory(thread__site=site, status=Status.HELD)
    DecisionFactory(comment=held, verdict=Verdict.HOLD)
    promote(learned(site, 1))
    assert set(Screening.objects.values_list("comment", flat=True)) == {held.pk}


@pytest.mark.parametrize("source", [DecisionSource.READERS, DecisionSource.MODERATOR])
def test_what_people_hold_stays_theirs(site: Site, source: DecisionSource) -> None:
    held = CommentFactory(thread__site=site, status=Status.HELD)
    DecisionFactory(comment=held, verdict=Verdict.HOLD, source=source)
    promote(learned(site, 1))
    assert not Screening.objects.exists()


def test_another_sites_comments_are_left_alone(site: Site) -> None:
    held: Comment = CommentFactory(status=Status.HELD)
    DecisionFactory(comment=held, verdict=Verdict.HOLD)
    promote(learned(site, 1))
    assert not Screening.objects.exists()


def test_the_audit_log_says_who_promoted_what(site: Site) -> None:
    promote(learned(site, 7))
    entry = AuditEntry.objects.get(act=AuditAction.CLASSIFIER_PROMOTED)
    assert (entry.site, entry.detail["classifier"]) == (site, 7)


def test_a_layer_for_another_release_is_not_used(site: Site) -> None:
    promote(learned(site, 1))
    SiteClassifier.objects.update(base_version="older")
    assert scores.in_use(site, LearningState.STANDING) is None


def test_an_unreadable_layer_corrects_nothing(site: Site) -> None:
    broken = learned(site, 1)
    SiteClassifier.objects.update(layer={"format": 99})
    assert scores.layer_of(broken).weights == {}
