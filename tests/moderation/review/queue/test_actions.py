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


def test_a_claim_stores_its_moderator_and_the_end_of_the_lease(
    waiting: Reviewable, moderator: User
) -> None:
    assert claim(moderator) == [waiting]
    waiting.refresh_from_db()
    assert (waiting.claimed_by, waiting.claimed_until) == (moderator, NOW + LEASE)


def test_a_colleagues_claim_can_be_taken_over_once_its_lease_has_expired(
    waiting: Reviewable, moderator: User, colleague: User
) -> None:
    claim(moderator)
    assert claim(colleague, now=NOW + LEASE - timedelta(seconds=1)) == []
    assert claim(colleague, now=NOW + LEASE) == [waiting]


def test_the_most_urgent_comments_are_claimed_up_to_the_limit(site: Site, moderator: User) -> None:
    low, high, middle = (
        ReviewableFactory(comment__thread__site=site, priority=p) for p in (0.1, 0.9, 0.5)
    )
    assert claim(moderator, limit=2) == [high, middle]
    low.refresh_from_db()
    assert low.claimed_by is None


def test_only_comments_that_match_the_filters_are_claimed(site: Site, moderator: User) -> None:
    insult = ReviewableFactory(comment__thread__site=site, category="INSULT")
    ReviewableFactory(comment__thread__site=site, category="SPAM")
    assert claim(moderator, filters=QueueFilters(category="INSULT")) == [insult]


@pytest.mark.parametrize(("claimed", "number"), [("none", 1), ("me", 0), ("others", 0)])
def test_a_filter_on_the_holder_does_not_claim_claimed_comments(
    site: Site, moderator: User, colleague: User, claimed: str, number: int
) -> None:
    for holder in (moderator, colleague):
        ReviewableFactory(comment__thread__site=site, claimed_by=holder, claimed_until=NOW + LEASE)
    ReviewableFactory(comment__thread__site=site)
    assert len(claim(moderator, filters=QueueFilters(claimed=claimed))) == number


def test_closed_queue_entries_are_not_claimed(waiting: Reviewable, moderator: User) -> None:
    Reviewable.objects.update(closed_at=NOW)
    assert claim(moderator) == []


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_viewers_and_members_of_other_sites_claim_nothing(
    waiting: Reviewable, site: Site, role: Role | None
) -> None:
    user = MembershipFactory(**({"site": site, "role": role} if role else {})).user
    assert claim(user) == []


def test_escalated_comments_are_claimed_by_owners_of_their_site_alone(
    waiting: Reviewable, moderator: User, owner: User
) -> None:
    actions.escalate(waiting.comment, moderator=moderator, now=NOW)
    MembershipFactory(user=moderator, role=Role.OWNER)
    assert claim(moderator) == []
    assert claim(owner) == [waiting]


# Release.


def test_a_moderator_cannot_release_the_claims_of_a_colleague(
    waiting: Reviewable, moderator: User, colleague: User
) -> None:
    claim(moderator)
    assert actions.release([waiting.comment_id], moderator=colleague) == 0
    assert actions.release(moderator=colleague) == 0
    waiting.refresh_from_db()
    assert waiting.claimed_by == moderator


def test_an_owner_cannot_release_the_claims_of_a_moderator(
    waiting: Reviewable, moderator: User, owner: User
) -> None:
    claim(moderator)
    assert actions.release(moderator=owner) == 0


def test_release_with_comments_releases_the_claims_on_those_alone(
    site: Site, moderator: User
) -> None:
    one, other = (ReviewableFactory(comment__thread__site=site) for _ in range(2))
    claim(moderator)
    assert actions.release([one.comment_id], moderator=moderator) == 1
    assert list(Reviewable.objects.exclude(claimed_by=None)) == [other]
    one.refresh_from_db()
    assert one.claimed_until is None


def test_release_without_comments_releases_all_own_claims(site: Site, moderator: User) -> None:
    for _ in range(2):
        ReviewableFactory(comment__thread__site=site)
    claim(moderator)
    assert actions.release(moderator=moderator) == 2
    assert not Reviewable.objects.exclude(claimed_by=None).exists()


def test_release_with_an_empty_list_releases_nothing(waiting: Reviewable, moderator: User) -> None:
    claim(moderator)
    assert actions.release([], moderator=moderator) == 0


def test_closed_queue_entries_are_not_released(waiting: Reviewable, moderator: User) -> None:
    claim(moderator)
    Reviewable.objects.update(closed_at=NOW)
    assert actions.release(moderator=moderator) == 0


# Escalations.


def test_an_escalation_stores_moderator_and_reason_and_ends_the_claim(
    waiting: Reviewable, moderator: User
) -> None:
    claim(moderator)
    actions.escalate(waiting.comment, moderator=moderator, now=NOW, why="w" * 1001)
    waiting.refresh_from_db()
    assert (waiting.escalated_at, waiting.escalated_by) == (NOW, moderator)
    assert waiting.escalated_why == "w" * 1000
    assert (waiting.claimed_by, waiting.claimed_until) == (None, None)


def test_an_escalation_is_logged(waiting: Reviewable, moderator: User) -> None:
    actions.escalate(waiting.comment, moderator=moderator, now=NOW, why="A threat?")
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.by, entry.at) == (AuditAction.ESCALATED, moderator, NOW)
    assert (entry.site, entry.subject) == (waiting.site, str(waiting.comment_id))
    assert entry.detail == {"why": "A threat?"}


def test_the_logged_reason_of_an_escalation_is_cut_to_1000_characters(
    waiting: Reviewable, moderator: User
) -> None:
    actions.escalate(waiting.comment, moderator=moderator, now=NOW, why="w" * 1001)
    assert AuditEntry.objects.get().detail == {"why": "w" * 1000}


def test_an_escalation_requires_no_reason(waiting: Reviewable, moderator: User) -> None:
    assert actions.escalate(waiting.comment, moderator=moderator, now=NOW).escalated_why == ""


def test_a_comment_that_is_not_queued_cannot_be_escalated(
    waiting: Reviewable, site: Site, moderator: User
) -> None:
    comment = CommentFactory(thread__site=site)
    ReviewableFactory(comment=comment, closed_at=NOW)
    with pytest.raises(NotWaiting, match="waits for nobody"):
        actions.escalate(comment, moderator=moderator, now=NOW)
    waiting.refresh_from_db()
    assert waiting.escalated_at is None


# Decisions.


def test_the_results_are_in_the_order_of_the_requests(
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


def test_a_decision_stores_reasoning_and_private_notes(
    waiting: Reviewable, moderator: User
) -> None:
    asked = request(waiting.comment, Verdict.REJECT, reasoning="Be kind.", private_notes="Again.")
    (decision,) = actions.decide_all([asked], moderator=moderator, now=NOW)
    assert (decision.decided_by, decision.decided_at) == (moderator, NOW)
    assert (decision.reasoning, decision.private_notes) == ("Be kind.", "Again.")


def test_a_request_with_an_outdated_status_is_refused(waiting: Reviewable, moderator: User) -> None:
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
def test_undo_restores_the_verdict_and_the_status_before(
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


def test_an_undo_gives_back_the_place_and_the_time_of_waiting(
    waiting: Reviewable, moderator: User
) -> None:
    (decision,) = actions.decide_all([request(waiting.comment)], moderator=moderator, now=NOW)
    assert not Reviewable.objects.open().exists()
    actions.undo(decision, moderator=moderator, now=NOW + LEASE)
    restored = Reviewable.objects.open().get()
    assert (restored.pk, restored.rank) == (waiting.pk, waiting.rank)
    assert (restored.opened_at, restored.why) == (waiting.opened_at, waiting.why)


def test_an_undo_of_what_was_escalated_leaves_it_to_the_owners(
    waiting: Reviewable, moderator: User, owner: User
) -> None:
    actions.escalate(waiting.comment, moderator=moderator, why="Names the mayor.", now=NOW)
    (decision,) = actions.decide_all([request(waiting.comment)], moderator=owner, now=NOW)
    actions.undo(decision, moderator=owner, now=NOW)
    assert Reviewable.objects.open().get().escalated_why == "Names the mayor."


def test_an_undo_can_be_undone(waiting: Reviewable, moderator: User) -> None:
    asked = request(waiting.comment, Verdict.APPROVE)
    (decision,) = actions.decide_all([asked], moderator=moderator, now=NOW)
    undone = actions.undo(decision, moderator=moderator, now=NOW)
    assert actions.undo(undone, moderator=moderator, now=NOW).verdict == Verdict.APPROVE


def test_a_decision_that_a_colleague_has_overridden_is_not_undone(
    waiting: Reviewable, moderator: User, colleague: User
) -> None:
    (mine,) = actions.decide_all([request(waiting.comment)], moderator=moderator, now=NOW)
    actions.decide_all([request(waiting.comment, Verdict.SPAM)], moderator=colleague, now=NOW)
    with pytest.raises(NotUndoable):
        actions.undo(mine, moderator=moderator, now=NOW)


# Notes.


def test_a_note_stores_its_writer_and_is_logged(site: Site, moderator: User) -> None:
    author = AuthorFactory(site=site)
    actions.add_note(author, text="Writes at night.", moderator=moderator, now=NOW)
    note = Note.objects.get()
    assert (note.author, note.text) == (author, "Writes at night.")
    assert (note.written_by, note.written_at) == (moderator, NOW)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.site, entry.by) == (AuditAction.NOTED, site, moderator)
    assert (entry.subject, entry.at) == (str(author.pk), NOW)
