"""What moderators propose; and taking a decision back: everything is as it was before it."""

import pytest

from comments.models import Comment, Site, Status, User
from moderation.decisions.decide import decide_one
from moderation.decisions.proposals import decision_request, undo_request
from moderation.models import AuditAction, AuditEntry, Decision, QueueReason, Reviewable
from moderation.rules.verdicts import Verdict
from tests.decided import rule
from tests.factories import NOW, CommentFactory, DecisionFactory, ReviewableFactory
from tests.moderation.decisions.conftest import LATER

pytestmark = pytest.mark.django_db


def decided_and_undone(comment: Comment, verdict: Verdict, moderator: User) -> Decision:
    decision = decide_one(rule(comment, verdict, moderator), now=NOW)
    undone = decide_one(undo_request(decision, moderator=moderator), now=LATER)
    comment.refresh_from_db()
    return undone


STATUSES = {
    Verdict.APPROVE: Status.APPROVED,
    Verdict.HOLD: Status.HELD,
    Verdict.REJECT: Status.REJECTED,
    Verdict.SPAM: Status.SPAM,
    Verdict.DELETE: Status.DELETED,
}


def test_reasoning_and_private_notes_of_a_moderator_are_optional(
    held: Comment, moderator: User
) -> None:
    asked = {
        "comment_id": held.pk,
        "revision": 1,
        "verdict": Verdict.REJECT,
        "moderator": moderator,
    }
    silent = decision_request(**asked)
    assert (silent.reasoning, silent.private_notes) == ("", "")
    wordy = decision_request(**asked, reasoning="Be kind.", private_notes="Again.")
    decision = decide_one(wordy, now=NOW)
    assert (decision.reasoning, decision.private_notes) == ("Be kind.", "Again.")


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("taken_back", [Verdict.APPROVE, Verdict.SPAM])
def test_undo_restores_any_earlier_verdict(
    site: Site, moderator: User, before: Verdict, taken_back: Verdict
) -> None:
    comment = CommentFactory(thread__site=site, status=STATUSES[before])
    DecisionFactory(comment=comment, verdict=before)
    assert decided_and_undone(comment, taken_back, moderator).verdict == before
    assert comment.status == STATUSES[before]


def test_undo_restores_the_earlier_reasoning(refused: Comment, moderator: User) -> None:
    assert decided_and_undone(refused, Verdict.APPROVE, moderator).reasoning == "It is toxic."


def test_undo_without_an_earlier_decision_holds_the_comment_without_reasoning(
    site: Site, moderator: User
) -> None:
    comment = CommentFactory(thread__site=site, status=Status.PENDING)
    undone = decided_and_undone(comment, Verdict.APPROVE, moderator)
    assert (undone.verdict, undone.reasoning) == (Verdict.HOLD, "")
    assert Reviewable.objects.open().get().why == QueueReason.HELD


def test_an_undo_is_stored_and_logged_as_a_decision_of_its_moderator(
    held: Comment, moderator: User
) -> None:
    undone = decided_and_undone(held, Verdict.APPROVE, moderator)
    assert (undone.decided_by, undone.undoes) == (moderator, True)
    acts = AuditEntry.objects.order_by("id").values_list("act", "by", "subject")
    assert list(acts) == [
        (AuditAction.DECIDED, moderator.pk, str(held.pk)),
        (AuditAction.UNDID, moderator.pk, str(held.pk)),
    ]


def test_undo_restores_the_queue_entry_of_a_held_comment(held: Comment, moderator: User) -> None:
    decided_and_undone(held, Verdict.APPROVE, moderator)
    waiting = Reviewable.objects.open().get()
    assert (waiting.why, waiting.category, waiting.priority) == ("SCREENED", "INSULT", 0.9)


def test_undo_restores_the_queue_entry_of_a_reported_public_comment(
    site: Site, moderator: User
) -> None:
    comment = CommentFactory(thread__site=site)
    DecisionFactory(comment=comment, verdict=Verdict.APPROVE)
    ReviewableFactory(comment=comment, why=QueueReason.REPORTED)
    decided_and_undone(comment, Verdict.REJECT, moderator)
    assert comment.status == Status.APPROVED
    assert Reviewable.objects.open().get().why == QueueReason.REPORTED


def test_undo_does_not_queue_a_public_comment_that_was_not_queued(
    site: Site, moderator: User
) -> None:
    comment = CommentFactory(thread__site=site)
    DecisionFactory(comment=comment, verdict=Verdict.APPROVE)
    decided_and_undone(comment, Verdict.REJECT, moderator)
    assert not Reviewable.objects.open().exists()


def test_undo_does_not_reopen_a_queue_entry_that_was_closed_before(
    site: Site, moderator: User
) -> None:
    comment = CommentFactory(thread__site=site)
    DecisionFactory(comment=comment, verdict=Verdict.APPROVE)
    ReviewableFactory(comment=comment, closed_at=LATER)
    decided_and_undone(comment, Verdict.REJECT, moderator)
    assert not Reviewable.objects.open().exists()
