"""What decisions do to appeals: who may answer one, and that the next decision does."""

from dataclasses import replace

import pytest
from django.conf import settings

from comments.models import Comment, Role, Site, Status, User
from moderation.decisions import appeal_effects
from moderation.decisions.decide import decide_one
from moderation.decisions.proposals import (
    OwnAppeal,
    Proposal,
    ReasonsMissing,
    decision_request,
    undo_request,
)
from moderation.models import (
    Appeal,
    Decision,
    DecisionSource,
    Delivery,
    QueueReason,
    Reviewable,
    Webhook,
)
from moderation.review.people import appeals
from moderation.rules.causes import Cause
from moderation.rules.verdicts import Verdict
from tests.decided import refused_by
from tests.factories import (
    NOW,
    MembershipFactory,
    ScreeningFactory,
)
from tests.moderation.decisions.conftest import LATER

pytestmark = pytest.mark.django_db


def decide(comment: Comment, verdict: Verdict, moderator: User, reasoning: str = "So.") -> Decision:
    asked = decision_request(
        comment_id=comment.pk,
        revision=1,
        verdict=verdict,
        moderator=moderator,
        reasoning=reasoning,
    )
    return decide_one(asked, now=LATER)


def appeal_against(moderator: User, site: Site) -> Appeal:
    comment = refused_by(moderator, site)
    return appeals.submit(comment, text="But!", now=NOW)


@pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.HOLD, Verdict.APPROVE])
def test_an_automated_decision_leaves_an_open_appeal_in_the_queue(
    refused: Comment, appeal: Appeal, verdict: Verdict
) -> None:
    ScreeningFactory(comment=refused)
    decide_one(
        Proposal(
            comment_id=refused.pk, revision=1, verdict=verdict, source=DecisionSource.AUTOMATION
        ),
        now=LATER,
    )
    entry = Reviewable.objects.open().get()
    assert (entry.comment, entry.why) == (refused, QueueReason.APPEALED)


# Who may answer.


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.OWNER])
def test_a_moderator_cannot_resolve_an_appeal_against_their_own_decision(
    site: Site, moderator: User, role: Role
) -> None:
    MembershipFactory(site=site, role=role)
    appeal = appeal_against(moderator, site)
    with pytest.raises(OwnAppeal, match="a colleague must look at it"):
        decide(appeal.decision.comment, Verdict.APPROVE, moderator)


def test_another_moderator_can_resolve_the_appeal(
    site: Site, moderator: User, colleague: User
) -> None:
    appeal = appeal_against(moderator, site)
    assert decide(appeal.decision.comment, Verdict.APPROVE, colleague)


def test_the_only_moderator_of_a_site_can_resolve_an_appeal_against_their_own_decision(
    site: Site, moderator: User
) -> None:
    appeal = appeal_against(moderator, site)
    assert decide(appeal.decision.comment, Verdict.APPROVE, moderator)


def test_a_moderator_of_another_site_does_not_count_as_another_moderator(
    site: Site, moderator: User
) -> None:
    MembershipFactory(role=Role.MODERATOR)
    appeal = appeal_against(moderator, site)
    assert decide(appeal.decision.comment, Verdict.APPROVE, moderator)


def test_a_viewer_does_not_count_as_another_moderator(site: Site, moderator: User) -> None:
    MembershipFactory(site=site, role=Role.VIEWER)
    appeal = appeal_against(moderator, site)
    assert decide(appeal.decision.comment, Verdict.APPROVE, moderator)


def test_an_inactive_moderator_does_not_count_as_another_moderator(
    site: Site, moderator: User
) -> None:
    MembershipFactory(site=site, user__is_active=False)
    appeal = appeal_against(moderator, site)
    assert decide(appeal.decision.comment, Verdict.APPROVE, moderator)


def test_a_moderator_can_undo_their_own_decision_while_an_appeal_is_open(
    site: Site, moderator: User, colleague: User
) -> None:
    appeal = appeal_against(moderator, site)
    decide_one(undo_request(appeal.decision, moderator=moderator), now=LATER)
    assert Comment.objects.get().status == Status.HELD


# With what reasons.


@pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.SPAM, Verdict.DELETE])
def test_upholding_a_refusal_requires_reasons(
    appeal: Appeal, refused: Comment, moderator: User, verdict: Verdict
) -> None:
    with pytest.raises(ReasonsMissing, match="give your reasons"):
        decide(refused, verdict, moderator, "  ")
    assert decide(refused, verdict, moderator, "It names a person.")


@pytest.mark.parametrize("verdict", [Verdict.APPROVE, Verdict.HOLD])
def test_approving_or_holding_an_appealed_comment_requires_no_reasons(
    appeal: Appeal, refused: Comment, moderator: User, verdict: Verdict
) -> None:
    assert decide(refused, verdict, moderator, "")


def test_a_refusal_without_an_open_appeal_requires_no_reasons(
    appeal: Appeal, refused: Comment, moderator: User
) -> None:
    decide(refused, Verdict.APPROVE, moderator)
    assert decide(refused, Verdict.REJECT, moderator, "")


# What a decision does to the appeal.


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (Verdict.APPROVE, "OVERTURNED"),
        (Verdict.REJECT, "UPHELD"),
        (Verdict.SPAM, "UPHELD"),
        (Verdict.DELETE, "UPHELD"),
    ],
)
def test_the_next_decision_of_a_moderator_resolves_the_appeal(
    appeal: Appeal, refused: Comment, moderator: User, verdict: Verdict, outcome: str
) -> None:
    decision = decide(refused, verdict, moderator)
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.answer) == (outcome, decision)
    assert (appeal.resolved_by, appeal.resolved_at) == (moderator, LATER)


def test_holding_the_comment_does_not_resolve_the_appeal(
    appeal: Appeal, refused: Comment, moderator: User
) -> None:
    decide(refused, Verdict.HOLD, moderator)
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.resolved_at) == ("", None)


def test_a_decision_that_is_no_moderators_does_not_resolve_the_appeal(
    appeal: Appeal, refused: Comment
) -> None:
    gone = Proposal(
        comment_id=refused.pk, revision=1, verdict=Verdict.DELETE, source=DecisionSource.AUTHOR
    )
    decide_one(gone, now=LATER)
    appeal.refresh_from_db()
    assert appeal.resolved_at is None


def test_a_decision_does_not_resolve_the_appeal_of_another_comment(
    appeal: Appeal, refused: Comment, moderator: User, colleague: User, site: Site
) -> None:
    other = appeal_against(colleague, site)
    decide(refused, Verdict.APPROVE, moderator)
    other.refresh_from_db()
    assert other.resolved_at is None


def test_a_later_decision_does_not_change_the_outcome_of_an_appeal(
    appeal: Appeal, refused: Comment, moderator: User
) -> None:
    first = decide(refused, Verdict.APPROVE, moderator)
    decide(refused, Verdict.REJECT, moderator)
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.answer) == ("OVERTURNED", first)


def test_the_webhook_event_of_the_outcome_is_sent_after_the_undo_window(
    webhook: Webhook, appeal: Appeal, refused: Comment, moderator: User
) -> None:
    decide(refused, Verdict.APPROVE, moderator)
    delivery = Delivery.objects.get(event__type="appeal.resolved")
    assert delivery.event.data["appeal"] == {"id": str(appeal.pk), "outcome": "OVERTURNED"}
    assert delivery.event.data["comment"]["id"] == str(refused.pk)
    assert (delivery.next_attempt_at - LATER).total_seconds() == settings.UNDO_SECONDS


# What taking the answer back does.


@pytest.fixture
def reopened(appeal: Appeal, refused: Comment, moderator: User) -> Appeal:
    answer = decide(refused, Verdict.APPROVE, moderator)
    decide_one(undo_request(answer, moderator=moderator), now=LATER)
    return Appeal.objects.get()


def test_undoing_the_decision_reopens_the_appeal(reopened: Appeal) -> None:
    assert (reopened.outcome, reopened.answer) == ("", None)
    assert (reopened.resolved_by, reopened.resolved_at) == (None, None)


def test_a_reopened_appeal_is_queued_once_with_the_priority_of_appeals(
    reopened: Appeal, refused: Comment
) -> None:
    waiting = Reviewable.objects.open().get()
    assert (waiting.comment, waiting.why) == (refused, QueueReason.APPEALED)
    assert waiting.priority == appeal_effects.PRIORITY


def test_a_reopened_appeal_can_be_resolved_again(
    reopened: Appeal, refused: Comment, moderator: User
) -> None:
    decide(refused, Verdict.REJECT, moderator, "After all.")
    reopened.refresh_from_db()
    assert reopened.outcome == "UPHELD"


def test_a_reopened_appeal_is_queued_even_if_the_comment_was_not_queued_before(
    appeal: Appeal, refused: Comment, moderator: User
) -> None:
    gone = Proposal(
        comment_id=refused.pk, revision=1, verdict=Verdict.DELETE, source=DecisionSource.AUTHOR
    )
    decide_one(gone, now=NOW)
    answer = decide(refused, Verdict.APPROVE, moderator)
    decide_one(undo_request(answer, moderator=moderator), now=LATER)
    waiting = Reviewable.objects.open().get()
    assert (waiting.comment, waiting.why) == (refused, QueueReason.APPEALED)
    assert (waiting.priority, waiting.opened_at) == (appeal_effects.PRIORITY, LATER)


def test_undoing_a_decision_about_another_comment_does_not_reopen_the_appeal(
    appeal: Appeal, refused: Comment, held: Comment, moderator: User
) -> None:
    decide(refused, Verdict.APPROVE, moderator)
    other = decide(held, Verdict.APPROVE, moderator)
    decide_one(undo_request(other, moderator=moderator), now=LATER)
    appeal.refresh_from_db()
    assert appeal.outcome == "OVERTURNED"


def test_a_refusal_that_is_upheld_stays_refused_for_its_reason(site: Site, moderator: User) -> None:
    appealed = appeal_against(MembershipFactory(site=site).user, site)
    Decision.objects.filter(pk=appealed.decision.pk).update(
        cause=Cause.THREAT, refusal_reason="threats", is_illegal=True
    )
    upheld = decide(appealed.decision.comment, Verdict.REJECT, moderator)
    assert (upheld.cause, upheld.refusal_reason, upheld.is_illegal) == ("threat", "threats", True)


def test_who_upholds_a_refusal_for_another_cause_says_so(site: Site, moderator: User) -> None:
    appealed = appeal_against(MembershipFactory(site=site).user, site)
    Decision.objects.filter(pk=appealed.decision.pk).update(refusal_reason="threats")
    asked = decision_request(
        comment_id=appealed.decision.comment_id,
        revision=1,
        verdict=Verdict.REJECT,
        moderator=moderator,
        reasoning="So.",
    )
    upheld = decide_one(replace(asked, cause=Cause.INSULT), now=LATER)
    assert (upheld.cause, upheld.refusal_reason) == ("insult", "")


@pytest.mark.parametrize("verdict", [Verdict.SPAM, Verdict.APPROVE])
def test_another_verdict_takes_no_reason_from_the_one_before(
    site: Site, moderator: User, verdict: Verdict
) -> None:
    appealed = appeal_against(MembershipFactory(site=site).user, site)
    Decision.objects.filter(pk=appealed.decision.pk).update(refusal_reason="threats")
    assert decide(appealed.decision.comment, verdict, moderator).refusal_reason == ""
