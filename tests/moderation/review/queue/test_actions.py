"""Claims, escalations and undo: whose they are, and for how long."""

from datetime import timedelta

import pytest

from comments.models import Comment, Role, Site, Status, User
from moderation.decisions.proposals import DecisionRefused, NotUndoable
from moderation.models import AuditAction, AuditEntry, Note, Reviewable
from moderation.review.queue import actions
from moderation.review.queue.actions import DecisionRequest, NotAllowed, NotWaiting
from moderation.review.queue.queue import QueueFilters
from moderation.rules.verdicts import Verdict
from tests.factories import (
    NOW,
    AuthorFactory,
    CommentFactory,
    DecisionFactory,
    MembershipFactory,
    ReviewableFactory,
)

pytestmark = pytest.mark.django_db
LEASE = timedelta(minutes=10)
ANYTHING = QueueFilters()


@pytest.fixture
def waiting(site: Site) -> Reviewable:
    return ReviewableFactory(comment__thread__site=site, comment__status=Status.HELD)


@pytest.fixture
def colleague(site: Site) -> User:
    return MembershipFactory(site=site).user


@pytest.fixture
def owner(site: Site) -> User:
    return MembershipFactory(site=site, role=Role.OWNER).user


def claim(user: User, *, limit: int = 10, now=NOW, filters: QueueFilters = ANYTHING):
    return actions.claim(filters, moderator=user, limit=limit, lease=LEASE, now=now)


def request(comment: Comment, verdict: Verdict = Verdict.APPROVE, **more: object):
    return DecisionRequest(
        comment_id=comment.pk, revision=comment.revision, verdict=verdict, **more
    )


# Claims.


def test_a_claim_is_ones_own_until_the_lease_runs_out(waiting: Reviewable, moderator: User) -> None:
    assert claim(moderator) == [waiting]
    waiting.refresh_from_db()
    assert (waiting.claimed_by, waiting.claimed_until) == (moderator, NOW + LEASE)


def test_what_a_colleague_holds_is_free_when_the_lease_is_over(
    waiting: Reviewable, moderator: User, colleague: User
) -> None:
    claim(moderator)
    assert claim(colleague, now=NOW + LEASE - timedelta(seconds=1)) == []
    assert claim(colleague, now=NOW + LEASE) == [waiting]


def test_the_most_urgent_are_claimed_and_no_more_than_asked_for(
    site: Site, moderator: User
) -> None:
    low, high, middle = (
        ReviewableFactory(comment__thread__site=site, priority=p) for p in (0.1, 0.9, 0.5)
    )
    assert claim(moderator, limit=2) == [high, middle]
    low.refresh_from_db()
    assert low.claimed_by is None


def test_only_what_the_filters_name_is_claimed(site: Site, moderator: User) -> None:
    insult = ReviewableFactory(comment__thread__site=site, category="INSULT")
    ReviewableFactory(comment__thread__site=site, category="SPAM")
    assert claim(moderator, filters=QueueFilters(category="INSULT")) == [insult]


@pytest.mark.parametrize(("claimed", "number"), [("none", 1), ("me", 0), ("others", 0)])
def test_whatever_the_filters_say_only_what_is_free_is_claimed(
    site: Site, moderator: User, colleague: User, claimed: str, number: int
) -> None:
    for holder in (moderator, colleague):
        ReviewableFactory(comment__thread__site=site, claimed_by=holder, claimed_until=NOW + LEASE)
    ReviewableFactory(comment__thread__site=site)
    assert len(claim(moderator, filters=QueueFilters(claimed=claimed))) == number


def test_what_is_settled_is_not_claimed(waiting: Reviewable, moderator: User) -> None:
    Reviewable.objects.update(closed_at=NOW)
    assert claim(moderator) == []


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_who_does_not_moderate_the_site_claims_nothing(
    waiting: Reviewable, site: Site, role: Role | None
) -> None:
    user = MembershipFactory(**({"site": site, "role": role} if role else {})).user
    assert claim(user) == []


def test_what_was_escalated_is_claimed_by_owners_of_its_site_alone(
    waiting: Reviewable, moderator: User, owner: User
) -> None:
    actions.escalate(waiting.comment, moderator=moderator, now=NOW)
    MembershipFactory(user=moderator, role=Role.OWNER)
    assert claim(moderator) == []
    assert claim(owner) == [waiting]


# Release.


def test_nobody_releases_what_a_colleague_has_claimed(
    waiting: Reviewable, moderator: User, colleague: User
) -> None:
    claim(moderator)
    assert actions.release([waiting.comment_id], moderator=colleague) == 0
    assert actions.release(moderator=colleague) == 0
    waiting.refresh_from_db()
    assert waiting.claimed_by == moderator


def test_an_owner_does_not_release_a_moderators_claims_either(
    waiting: Reviewable, moderator: User, owner: User
) -> None:
    claim(moderator)
    assert actions.release(moderator=owner) == 0


def test_of_the_own_claims_those_named_are_released(site: Site, moderator: User) -> None:
    one, other = (ReviewableFactory(comment__thread__site=site) for _ in range(2))
    claim(moderator)
    assert actions.release([one.comment_id], moderator=moderator) == 1
    assert list(Reviewable.objects.exclude(claimed_by=None)) == [other]
    one.refresh_from_db()
    assert one.claimed_until is None


def test_without_names_all_of_the_own_claims_are_released(site: Site, moderator: User) -> None:
    for _ in range(2):
        ReviewableFactory(comment__thread__site=site)
    claim(moderator)
    assert actions.release(moderator=moderator) == 2
    assert not Reviewable.objects.exclude(claimed_by=None).exists()


def test_no_names_at_all_release_nothing(waiting: Reviewable, moderator: User) -> None:
    claim(moderator)
    assert actions.release([], moderator=moderator) == 0


def test_what_is_settled_is_no_claim_any_more(waiting: Reviewable, moderator: User) -> None:
    claim(moderator)
    Reviewable.objects.update(closed_at=NOW)
    assert actions.release(moderator=moderator) == 0


# Escalations.


def test_an_escalated_comment_says_who_left_it_to_the_owners_and_why(
    waiting: Reviewable, moderator: User
) -> None:
    claim(moderator)
    actions.escalate(waiting.comment, moderator=moderator, now=NOW, why="w" * 1001)
    waiting.refresh_from_db()
    assert (waiting.escalated_at, waiting.escalated_by) == (NOW, moderator)
    assert waiting.escalated_why == "w" * 1000
    assert (waiting.claimed_by, waiting.claimed_until) == (None, None)


def test_an_escalation_is_in_the_audit_trail(waiting: Reviewable, moderator: User) -> None:
    actions.escalate(waiting.comment, moderator=moderator, now=NOW, why="A threat?")
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.by, entry.at) == (AuditAction.ESCALATED, moderator, NOW)
    assert (entry.site, entry.subject) == (waiting.site, str(waiting.comment_id))
    assert entry.detail == {"why": "A threat?"}


def test_of_a_long_reason_a_thousand_letters_are_in_the_audit_trail(
    waiting: Reviewable, moderator: User
) -> None:
    actions.escalate(waiting.comment, moderator=moderator, now=NOW, why="w" * 1001)
    assert AuditEntry.objects.get().detail == {"why": "w" * 1000}


def test_an_escalation_may_be_without_a_reason(waiting: Reviewable, moderator: User) -> None:
    assert actions.escalate(waiting.comment, moderator=moderator, now=NOW).escalated_why == ""


def test_what_waits_for_nobody_is_not_escalated(
    waiting: Reviewable, site: Site, moderator: User
) -> None:
    comment = CommentFactory(thread__site=site)
    ReviewableFactory(comment=comment, closed_at=NOW)
    with pytest.raises(NotWaiting, match="waits for nobody"):
        actions.escalate(comment, moderator=moderator, now=NOW)
    waiting.refresh_from_db()
    assert waiting.escalated_at is None


# Decisions.


def test_each_request_is_answered_in_its_place(
    waiting: Reviewable, site: Site, moderator: User
) -> None:
    foreign, mine = CommentFactory(), CommentFactory(thread__site=site)
    answers = actions.decide_all(
        [request(waiting.comment), request(foreign), request(mine, Verdict.SPAM)],
        moderator=moderator,
        now=NOW,
    )
    assert [getattr(a, "comment_id", None) for a in answers] == [waiting.comment_id, None, mine.pk]
    assert isinstance(answers[1], NotAllowed)
    assert "no such comment at a site that you moderate" in str(answers[1])
    assert not foreign.decisions.exists()


def test_what_a_moderator_wrote_is_kept(waiting: Reviewable, moderator: User) -> None:
    asked = request(waiting.comment, Verdict.REJECT, reasoning="Be kind.", private_notes="Again.")
    (decision,) = actions.decide_all([asked], moderator=moderator, now=NOW)
    assert (decision.decided_by, decision.decided_at) == (moderator, NOW)
    assert (decision.reasoning, decision.private_notes) == ("Be kind.", "Again.")


def test_a_status_that_was_read_is_held_against_the_present_one(
    waiting: Reviewable, moderator: User
) -> None:
    stale = request(waiting.comment, status=Status.APPROVED)
    (answer,) = actions.decide_all([stale], moderator=moderator, now=NOW)
    assert isinstance(answer, DecisionRefused)


# Undo.


STATUSES = [
    (Verdict.APPROVE, Status.APPROVED),
    (Verdict.REJECT, Status.REJECTED),
    (Verdict.SPAM, Status.SPAM),
    (Verdict.DELETE, Status.DELETED),
]


@pytest.mark.parametrize(("before", "status"), STATUSES)
def test_undo_brings_the_verdict_before_back_whatever_it_was(
    site: Site, moderator: User, before: Verdict, status: Status
) -> None:
    comment = CommentFactory(thread__site=site, status=status)
    DecisionFactory(comment=comment, verdict=before)
    (decision,) = actions.decide_all([request(comment, Verdict.HOLD)], moderator=moderator, now=NOW)
    undone = actions.undo(decision, moderator=moderator, now=NOW)
    comment.refresh_from_db()
    assert (undone.verdict, comment.status) == (before, status)
    assert (undone.decided_by, undone.decided_at) == (moderator, NOW)
    assert not Reviewable.objects.open().exists()


def test_an_undo_can_be_undone(waiting: Reviewable, moderator: User) -> None:
    asked = request(waiting.comment, Verdict.APPROVE)
    (decision,) = actions.decide_all([asked], moderator=moderator, now=NOW)
    undone = actions.undo(decision, moderator=moderator, now=NOW)
    assert actions.undo(undone, moderator=moderator, now=NOW).verdict == Verdict.APPROVE


def test_a_decision_read_before_a_colleague_decided_is_not_undone(
    waiting: Reviewable, moderator: User, colleague: User
) -> None:
    (mine,) = actions.decide_all([request(waiting.comment)], moderator=moderator, now=NOW)
    actions.decide_all([request(waiting.comment, Verdict.SPAM)], moderator=colleague, now=NOW)
    with pytest.raises(NotUndoable):
        actions.undo(mine, moderator=moderator, now=NOW)


# Notes.


def test_a_note_is_kept_with_its_writer_and_noted(site: Site, moderator: User) -> None:
    author = AuthorFactory(site=site)
    actions.add_note(author, text="Writes at night.", moderator=moderator, now=NOW)
    note = Note.objects.get()
    assert (note.author, note.text) == (author, "Writes at night.")
    assert (note.written_by, note.written_at) == (moderator, NOW)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.site, entry.by) == (AuditAction.NOTED, site, moderator)
    assert (entry.subject, entry.at) == (str(author.pk), NOW)
