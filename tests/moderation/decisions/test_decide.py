"""The one writer of decisions: what is stored with each, and what follows from it."""

from datetime import timedelta

import pytest

from comments.models import Comment, Revision, Site, Status, Thread, User
from comments.text.markdown import render
from moderation.decisions.decide import (
    Proposal,
    QueueEntry,
    decide,
    decide_one,
)
from moderation.decisions.imported import record_imported
from moderation.decisions.proposals import undo_request
from moderation.decisions.revise import revise
from moderation.models import (
    AuditEntry,
    Decision,
    DecisionSource,
    Delivery,
    Finding,
    QueueReason,
    Reviewable,
    Screening,
    Webhook,
)
from moderation.rules.verdicts import Verdict, VerdictReason
from tests.decided import rule
from tests.factories import (
    NOW,
    CommentFactory,
    DecisionFactory,
    PolicyFactory,
    ReviewableFactory,
    ScreeningFactory,
    ThreadFactory,
)
from tests.moderation.decisions.conftest import LATER

pytestmark = pytest.mark.django_db


def version(comment: Comment) -> int:
    return Thread.objects.get(pk=comment.thread_id).version


def automatic(comment: Comment, verdict: Verdict, **more: object) -> Proposal:
    return Proposal(
        comment_id=comment.pk,
        revision=comment.revision,
        verdict=verdict,
        source=DecisionSource.AUTOMATION,
        **more,
    )


# What is stored.


def test_a_decision_stores_its_policy_reasons_and_findings(site: Site) -> None:
    comment = ScreeningFactory(comment__thread__site=site).comment
    policy = PolicyFactory(site=site)
    ground = VerdictReason(Verdict.HOLD, "words", "held_word", "", "held_word")
    finding = Finding(check_name="words", reason="held_word")
    proposal = automatic(
        comment, Verdict.HOLD, policy=policy, reasons=[ground], findings=[finding], reasoning="So."
    )
    decision = Decision.objects.get(pk=decide_one(proposal, now=NOW).pk)
    assert (decision.policy, decision.reasoning, decision.decided_at) == (policy, "So.", NOW)
    assert decision.grounds == [ground._asdict()]
    assert decision.findings.get().reason == "held_word"


def test_a_moderators_decision_stores_reasoning_private_notes_and_the_overridden_decision(
    held: Comment, moderator: User
) -> None:
    before = held.decisions.get()
    proposal = Proposal(
        comment_id=held.pk,
        revision=1,
        verdict=Verdict.REJECT,
        source=DecisionSource.MODERATOR,
        decided_by=moderator,
        reasoning="Be kind.",
        private_notes="Again.",
    )
    decision = Decision.objects.get(pk=decide_one(proposal, now=NOW).pk)
    assert (decision.reasoning, decision.private_notes) == ("Be kind.", "Again.")
    assert (decision.overrides, decision.decided_by) == (before, moderator)
    assert decision.undoes is False


def test_only_the_latest_decision_on_a_revision_is_effective(
    held: Comment, moderator: User, colleague: User
) -> None:
    for verdict, who in ((Verdict.APPROVE, moderator), (Verdict.SPAM, colleague)):
        decide_one(rule(held, verdict, who), now=NOW)
    assert held.decisions.effective().get().decided_by == colleague
    assert held.decisions.count() == 3


def test_a_decision_on_a_new_revision_does_not_override_that_on_an_older_one(
    held: Comment, moderator: User
) -> None:
    older = held.decisions.get()
    revise(held, body="Another text.", now=NOW)
    newer = Proposal(
        comment_id=held.pk,
        revision=2,
        verdict=Verdict.APPROVE,
        source=DecisionSource.MODERATOR,
        decided_by=moderator,
    )
    assert decide_one(newer, now=NOW).overrides is None
    assert older in held.decisions.effective()


# What follows.


def test_each_of_several_verdicts_sets_the_status_of_its_own_comment(
    site: Site, moderator: User
) -> None:
    comments = [CommentFactory(thread__site=site, status=Status.HELD) for _ in Verdict]
    decide([rule(c, v, moderator) for c, v in zip(comments, Verdict, strict=True)], now=NOW)
    statuses = [Comment.objects.get(pk=comment.pk).status for comment in comments]
    assert statuses == [
        Status.APPROVED,
        Status.HELD,
        Status.REJECTED,
        Status.SPAM,
        Status.DELETED,
    ]


def test_a_held_comment_is_queued_with_the_proposed_reason_category_and_priority(
    site: Site,
) -> None:
    comment = ScreeningFactory(comment__thread__site=site).comment
    entry = QueueEntry(why=QueueReason.SCREENED, category="THREAT", priority=0.8)
    decide_one(automatic(comment, Verdict.HOLD, queue_entry=entry), now=NOW)
    waiting = Reviewable.objects.get()
    assert (waiting.why, waiting.category, waiting.priority) == ("SCREENED", "THREAT", 0.8)
    assert (waiting.comment, waiting.site, waiting.opened_at) == (comment, site, NOW)


def test_a_held_comment_without_a_queue_entry_is_not_queued(site: Site) -> None:
    comment = ScreeningFactory(comment__thread__site=site).comment
    decide_one(automatic(comment, Verdict.HOLD, queue_entry=None), now=NOW)
    assert not Reviewable.objects.exists()


def test_a_decision_closes_the_queue_entry_of_that_comment_alone(
    held: Comment, site: Site, moderator: User
) -> None:
    other = ReviewableFactory(comment__thread__site=site)
    decide_one(rule(held, Verdict.SPAM, moderator), now=LATER)
    assert Reviewable.objects.open().get() == other
    assert Reviewable.objects.get(comment=held).closed_at == LATER


def test_holding_a_queued_comment_again_opens_a_new_queue_entry(
    held: Comment, moderator: User
) -> None:
    decide_one(rule(held, Verdict.HOLD, moderator), now=LATER)
    waiting = Reviewable.objects.open().get()
    assert (waiting.why, waiting.opened_at) == (QueueReason.HELD, LATER)
    assert Reviewable.objects.count() == 2


@pytest.mark.parametrize(
    ("before", "verdict", "is_seen"),
    [
        (Status.HELD, Verdict.APPROVE, True),
        (Status.APPROVED, Verdict.REJECT, True),
        (Status.APPROVED, Verdict.APPROVE, True),
        (Status.HELD, Verdict.SPAM, False),
    ],
)
def test_the_version_of_a_thread_rises_when_a_decision_changes_what_readers_see(
    site: Site, moderator: User, before: Status, verdict: Verdict, is_seen: bool
) -> None:
    comment = CommentFactory(thread__site=site, status=before)
    old = version(comment)
    decide_one(rule(comment, verdict, moderator), now=NOW)
    assert (version(comment) > old) is is_seen


def test_a_decision_deletes_the_pending_screening_of_that_comment_alone(
    held: Comment, moderator: User
) -> None:
    ScreeningFactory(comment=held)
    other = ScreeningFactory()
    decide_one(rule(held, Verdict.APPROVE, moderator), now=NOW)
    assert Screening.objects.get() == other


def test_a_stale_decision_leaves_the_screening_of_the_new_revision_pending(
    held: Comment, moderator: User
) -> None:
    stale = rule(held, Verdict.APPROVE, moderator)
    revise(held, body="Another text.", now=NOW)
    decide([stale], now=NOW)
    assert Screening.objects.get().comment == held


def test_a_moderators_decision_is_written_to_the_audit_log(held: Comment, moderator: User) -> None:
    decide_one(rule(held, Verdict.SPAM, moderator), now=NOW)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.by, entry.who) == ("DECIDED", moderator, moderator.email)
    assert (entry.site, entry.subject, entry.at) == (held.site, str(held.pk), NOW)
    assert entry.detail == {"verdict": "SPAM", "revision": 1}


def test_an_automated_decision_is_not_written_to_the_audit_log(site: Site) -> None:
    comment = ScreeningFactory(comment__thread__site=site).comment
    decide_one(automatic(comment, Verdict.SPAM), now=NOW)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(("seconds", "told"), [(0, 0), (3600, 1)])
def test_an_undo_before_the_event_was_sent_sends_no_event(
    webhook: Webhook, held: Comment, moderator: User, settings, seconds: int, told: int
) -> None:
    settings.UNDO_SECONDS = 60
    decision = decide_one(rule(held, Verdict.APPROVE, moderator), now=NOW)
    Delivery.objects.filter(event__type="comment.approved").update(attempts=bool(seconds))
    undo = undo_request(decision, moderator=moderator)
    decide_one(undo, now=NOW + timedelta(seconds=seconds))
    assert Delivery.objects.filter(event__type="comment.held").count() == told


# A new text.


@pytest.mark.parametrize(
    ("status", "is_seen"), [(Status.APPROVED, True), (Status.HELD, False), (Status.SPAM, False)]
)
def test_the_version_of_a_thread_rises_when_a_public_comment_is_edited(
    site: Site, status: Status, is_seen: bool
) -> None:
    comment = CommentFactory(thread__site=site, status=status)
    old = version(comment)
    revise(comment, body="Another text.", now=LATER)
    assert (version(comment) > old) is is_seen


def test_an_edit_replaces_the_text_and_stores_the_old_one_as_a_revision(held: Comment) -> None:
    old = held.body
    revise(held, body="Another *text*.", now=LATER)
    comment = Comment.objects.get()
    assert (comment.body, comment.body_html) == ("Another *text*.", render("Another *text*."))
    assert (comment.revision, comment.edited_at) == (2, LATER)
    kept = Revision.objects.get()
    assert (kept.comment, kept.number, kept.body) == (comment, 1, old)
    assert kept.replaced_at == LATER


def test_an_edit_makes_the_comment_pending_and_closes_its_queue_entry(held: Comment) -> None:
    other = ReviewableFactory()
    revise(held, body="Another text.", now=LATER)
    assert Comment.objects.get(pk=held.pk).status == Status.PENDING
    assert Reviewable.objects.open().get() == other
    assert Reviewable.objects.get(comment=held).closed_at == LATER


def test_an_edit_resets_the_attempts_and_the_lease_of_the_screening(
    held: Comment,
) -> None:
    ScreeningFactory(comment=held, attempts=3, claimed_until=LATER, waits_until=LATER)
    revise(held, body="Another text.", now=LATER)
    assert Screening.objects.unclaimed().get().comment == held
    assert Screening.objects.get().claimed_until is None


# Imported comments.


def test_an_imported_status_is_recorded_as_an_import_decision(site: Site) -> None:
    comment = CommentFactory(thread__site=site, status=Status.SPAM, revision=2)
    record_imported([comment], now=LATER)
    decision = Decision.objects.get()
    assert (decision.comment, decision.revision, decision.verdict) == (comment, 2, Verdict.SPAM)
    assert (decision.source, decision.decided_at) == ("IMPORT", comment.created_at)


def test_an_imported_pending_comment_gets_no_decision(site: Site) -> None:
    record_imported([CommentFactory(thread__site=site, status=Status.PENDING)], now=LATER)
    assert not Decision.objects.exists()


def test_an_imported_held_comment_is_queued(site: Site) -> None:
    held, public = (
        CommentFactory(thread__site=site, status=status)
        for status in (Status.HELD, Status.APPROVED)
    )
    old, untouched = version(public), version(held)
    record_imported([held, public], now=LATER)
    waiting = Reviewable.objects.get()
    assert (waiting.comment, waiting.why, waiting.opened_at) == (held, "HELD", LATER)
    assert version(public) > old
    assert version(held) == untouched


def test_several_comments_of_one_thread_are_decided_in_one_call(
    site: Site, moderator: User
) -> None:
    thread = ThreadFactory(site=site)
    comments = [CommentFactory(thread=thread, status=Status.HELD) for _ in range(2)]
    for comment in comments:
        DecisionFactory(comment=comment, verdict=Verdict.HOLD)
    made = decide([rule(c, Verdict.APPROVE, moderator) for c in comments], now=NOW)
    assert [decision.comment_id for decision in made] == [comment.pk for comment in comments]
    assert AuditEntry.objects.count() == 2
