"""Appeals: against a refusal that counts, once; they wait for another person."""

import pytest

from comments.models import Comment, Site, Status, User
from moderation.decisions import appeal_effects
from moderation.decisions.proposals import AlreadySettled
from moderation.decisions.revise import revise
from moderation.models import Appeal, Delivery, QueueReason, Reviewable, Webhook
from moderation.review.people import appeals
from moderation.review.people.appeals import NotAppealable
from moderation.rules.verdicts import Reason, Verdict
from tests.factories import NOW, CommentFactory, DecisionFactory

pytestmark = pytest.mark.django_db


def refused(site: Site, status: Status = Status.REJECTED) -> Comment:
    comment = CommentFactory(thread__site=site, status=status)
    DecisionFactory(comment=comment, verdict=Verdict.REJECT)
    return comment


@pytest.mark.parametrize("status", [Status.REJECTED, Status.SPAM])
def test_a_rejected_or_spam_comment_can_be_appealed(site: Site, status: Status) -> None:
    comment = refused(site, status)
    appeal = appeals.submit(comment, text="But!", now=NOW)
    assert (appeal.decision, appeal.text) == (comment.decisions.get(), "But!")
    assert (appeal.submitted_at, appeal.outcome, appeal.resolved_at) == (NOW, "", None)


@pytest.mark.parametrize("status", [Status.PENDING, Status.HELD, Status.APPROVED, Status.DELETED])
def test_a_comment_that_was_not_refused_cannot_be_appealed(site: Site, status: Status) -> None:
    with pytest.raises(NotAppealable, match="that was refused"):
        appeals.submit(refused(site, status), text="But!", now=NOW)


def test_an_appeal_requires_a_decision_on_the_current_revision(site: Site) -> None:
    comment = refused(site)
    comment = revise(comment, body="Another text.", now=NOW)
    comment.status = Status.REJECTED
    with pytest.raises(NotAppealable):
        appeals.submit(comment, text="But!", now=NOW)


def test_an_appeal_is_filed_against_the_effective_decision(site: Site) -> None:
    comment = refused(site)
    last = DecisionFactory(comment=comment, verdict=Verdict.SPAM, overrides=comment.decisions.get())
    assert appeals.submit(comment, text="But!", now=NOW).decision == last


def test_a_second_appeal_for_a_comment_is_refused(site: Site) -> None:
    comment = refused(site)
    first = comment.decisions.get()
    appeals.submit(comment, text="But!", now=NOW)
    DecisionFactory(comment=comment, verdict=Verdict.REJECT, overrides=first)
    with pytest.raises(NotAppealable, match="already"):
        appeals.submit(comment, text="But!", now=NOW)


def test_an_appeal_for_another_comment_does_not_count(site: Site) -> None:
    appeals.submit(refused(site), text="But!", now=NOW)
    assert appeals.submit(refused(site), text="But!", now=NOW)


def test_an_appeal_is_queued_and_sent_to_webhooks(webhook: Webhook, site: Site) -> None:
    comment = refused(site)
    appeal = appeals.submit(comment, text="But!", now=NOW)
    waiting = Reviewable.objects.open().get()
    assert (waiting.comment, waiting.why, waiting.opened_at) == (comment, QueueReason.APPEALED, NOW)
    assert waiting.priority == appeal_effects.PRIORITY
    event = Delivery.objects.get().event
    assert event.data["appeal"] == {"id": str(appeal.pk), "text": "But!"}


def test_an_appeal_is_found_in_the_queue_by_what_the_text_was_refused_for(site: Site) -> None:
    comment = refused(site)
    comment.decisions.get().findings.create(check_name="links", reason=Reason.HAS_LINKS)
    appeals.submit(comment, text="But!", now=NOW)
    assert Reviewable.objects.found([Reason.HAS_LINKS]).exists()
    assert not Reviewable.objects.found([Reason.HELD_WORD]).exists()


def test_upholding_an_appeal_repeats_the_verdict_with_reasons(site: Site, moderator: User) -> None:
    comment = refused(site, Status.SPAM)
    comment.decisions.update(verdict=Verdict.SPAM)
    appeal = appeals.submit(comment, text="But!", now=NOW)
    decision = appeals.uphold(appeal, moderator=moderator, reasoning="It is.", now=NOW)
    assert (decision.verdict, decision.reasoning) == (Verdict.SPAM, "It is.")
    assert (decision.decided_by, decision.decided_at) == (moderator, NOW)


def test_overturning_an_appeal_publishes_the_comment(site: Site, moderator: User) -> None:
    comment = refused(site)
    appeal = appeals.submit(comment, text="But!", now=NOW)
    decision = appeals.overturn(appeal, moderator=moderator, reasoning="", now=NOW)
    comment.refresh_from_db()
    assert (decision.verdict, comment.status) == (Verdict.APPROVE, Status.APPROVED)
    assert (decision.decided_by, decision.reasoning) == (moderator, "")


def test_a_resolved_appeal_cannot_be_resolved_again(site: Site, moderator: User) -> None:
    appeal = appeals.submit(refused(site), text="But!", now=NOW)
    appeals.overturn(appeal, moderator=moderator, reasoning="", now=NOW)
    with pytest.raises(AlreadySettled, match="has been answered"):
        appeals.uphold(Appeal.objects.get(), moderator=moderator, reasoning="No.", now=NOW)
