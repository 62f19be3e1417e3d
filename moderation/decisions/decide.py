"""Record decisions: the only writer of `Decision` rows and of a comment's status.

Every source of a verdict (the rules, a moderator, the author, readers' reports) makes a `Proposal`
and passes it here. A stale proposal is refused with the reason, and changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from comments.models import Comment, Status, Thread
from moderation.decisions import appeal_effects, audit
from moderation.decisions.locking import LockedComment, lock, refusal
from moderation.decisions.proposals import (
    AlreadySettled,
    CommentGone,
    DecisionRefused,
    Proposal,
    QueueEntry,
    RevisionStale,
)
from moderation.models import (
    AuditAction,
    Decision,
    DecisionSource,
    Finding,
    QueueReason,
    Reviewable,
    Screening,
)
from moderation.notifications.mail import announcements
from moderation.notifications.webhooks import events
from moderation.rules.outcomes import STATUS_OF_VERDICT
from moderation.rules.verdicts import Verdict

__all__ = [
    "AlreadySettled",
    "CommentGone",
    "DecisionRefused",
    "Proposal",
    "QueueEntry",
    "RevisionStale",
    "decide",
    "decide_one",
]


@transaction.atomic
def decide(proposals: Sequence[Proposal], *, now: datetime) -> list[Decision | DecisionRefused]:
    """Record the verdicts; return, in the order of the proposals, each decision or refusal.

    Takes at most one proposal for each comment. In one transaction, with the comments locked in the
    order of their ids: decisions and findings are stored, statuses are updated, held comments enter
    the queue and all others leave it, notifications and the audit trail are written.
    """
    locked_comments = lock([proposal.comment_id for proposal in proposals])
    appeal_refusals = appeal_effects.refusals(proposals)
    results: list[Decision | DecisionRefused] = []
    accepted: list[tuple[Proposal, Decision]] = []
    for proposal in proposals:
        locked = locked_comments[proposal.comment_id]
        if refused := appeal_refusals.get(proposal.comment_id) or refusal(proposal, locked):
            results.append(refused)
            continue
        decision = _decision(proposal, locked.effective_decision, now=now)
        results.append(decision)
        accepted.append((proposal, decision))
    _store(accepted)
    _update_statuses(accepted, locked_comments)
    _update_queue(accepted, locked_comments, now=now)
    _record_notifications(accepted, locked_comments, now=now)
    appeal_effects.update_appeals(accepted, now=now)
    _write_audit_trail(accepted, locked_comments, now=now)
    _delete_screenings(proposals, results)
    return results


def decide_one(proposal: Proposal, *, now: datetime) -> Decision:
    """Record one verdict; raise the DecisionRefused that says why it can't be recorded."""
    (result,) = decide([proposal], now=now)
    if isinstance(result, DecisionRefused):
        raise result
    return result


def record_imported(comments: Sequence[Comment], *, now: datetime) -> None:
    """Record the decisions that imported comments bring along in their status.

    Held ones enter the queue here; pending ones have no decision yet.
    """
    verdicts = {status: verdict for verdict, status in STATUS_OF_VERDICT.items()}
    Decision.objects.bulk_create(
        Decision(
            comment=comment,
            revision=comment.revision,
            verdict=verdicts[Status(comment.status)],
            source=DecisionSource.IMPORT,
            decided_at=comment.created_at,
        )
        for comment in comments
        if comment.status in verdicts
    )
    Thread.objects.touch(c.thread_id for c in comments if c.status == Status.APPROVED)
    held = [comment for comment in comments if comment.status == Status.HELD]
    Reviewable.objects.bulk_create(Reviewable.of(c, why=QueueReason.HELD, now=now) for c in held)


def _decision(proposal: Proposal, effective: Decision | None, *, now: datetime) -> Decision:
    return Decision(
        comment_id=proposal.comment_id,
        revision=proposal.revision,
        verdict=proposal.verdict,
        source=proposal.source,
        decided_by=proposal.decided_by,
        decided_at=now,
        reasoning=proposal.reasoning,
        private_notes=proposal.private_notes,
        grounds=[reason._asdict() for reason in proposal.reasons],
        policy=proposal.policy,
        overrides=effective,
        undoes=proposal.undoes,
    )


def _store(accepted: Iterable[tuple[Proposal, Decision]]) -> None:
    Decision.objects.bulk_create([decision for _, decision in accepted])
    findings = []
    for proposal, decision in accepted:
        for finding in proposal.findings:
            finding.decision = decision
            findings.append(finding)
    Finding.objects.bulk_create(findings)


def _update_statuses(
    accepted: Sequence[tuple[Proposal, Decision]], locked_comments: Mapping[UUID, LockedComment]
) -> None:
    for verdict in {proposal.verdict for proposal, _ in accepted}:
        ids = [p.comment_id for p, _ in accepted if p.verdict is verdict]
        Comment.objects.filter(pk__in=ids).update(status=STATUS_OF_VERDICT[verdict])
    Thread.objects.touch(_changed_threads(accepted, locked_comments))


def _changed_threads(
    accepted: Iterable[tuple[Proposal, Decision]], locked_comments: Mapping[UUID, LockedComment]
) -> Iterator[UUID]:
    """Yield the threads whose public comments change, so that their caches are invalidated."""
    for proposal, _ in accepted:
        comment = locked_comments[proposal.comment_id].comment
        if comment and Status.APPROVED in (comment.status, STATUS_OF_VERDICT[proposal.verdict]):
            yield comment.thread_id


def _update_queue(
    accepted: Sequence[tuple[Proposal, Decision]],
    locked_comments: Mapping[UUID, LockedComment],
    *,
    now: datetime,
) -> None:
    """Close the queue entries of decided comments, and open one for each that is to be reviewed.

    An appeal waits for a person: its entry stays open, whatever the rules decide meanwhile.
    """
    decided = [proposal.comment_id for proposal, _ in accepted]
    automated = [p.comment_id for p, _ in accepted if p.source is DecisionSource.AUTOMATION]
    waiting = Reviewable.objects.open().filter(comment__in=decided)
    # A held comment that a person or a new screening looked at again is a new matter.
    closing = waiting.exclude(comment__in=automated, why=QueueReason.APPEALED)
    closing.update(closed_at=now)
    Reviewable.objects.bulk_create(
        [
            _reviewable(proposal.queue_entry, locked_comments[proposal.comment_id].comment, now=now)
            for proposal, _ in accepted
            if proposal.queue_entry and (proposal.verdict is Verdict.HOLD or proposal.needs_review)
        ],
        # Of the entries that stayed open.
        ignore_conflicts=True,
    )


def _write_audit_trail(
    accepted: Iterable[tuple[Proposal, Decision]],
    locked_comments: Mapping[UUID, LockedComment],
    *,
    now: datetime,
) -> None:
    """Add an entry for each moderator's decision; all of one call are of one moderator."""
    records, by = [], None
    for proposal, decision in accepted:
        comment = locked_comments[proposal.comment_id].comment
        if comment and proposal.source is DecisionSource.MODERATOR:
            by = proposal.decided_by
            detail = {"verdict": decision.verdict, "revision": decision.revision}
            action = AuditAction.UNDID if proposal.undoes else AuditAction.DECIDED
            records.append(audit.AuditRecord(action, comment.site_id, comment.pk, detail))
    audit.record_all(records, by=by, now=now)


def _record_notifications(
    accepted: Iterable[tuple[Proposal, Decision]],
    locked_comments: Mapping[UUID, LockedComment],
    *,
    now: datetime,
) -> None:
    """Record webhook events and mail about the decisions, to be sent after commit."""
    decided, undone = [], []
    for proposal, decision in accepted:
        if comment := locked_comments[proposal.comment_id].comment:
            decided.append((decision, comment))
        if proposal.undoes:
            undone.append(proposal.comment_id)
    events.record_decisions(decided, undone=undone, now=now)
    announcements.announce(decided, undone=undone, now=now)


def _delete_screenings(
    proposals: Sequence[Proposal], results: Sequence[Decision | DecisionRefused]
) -> None:
    """Delete the due screenings, unless the text was changed meanwhile."""
    done = [
        proposal.comment_id
        for proposal, result in zip(proposals, results, strict=True)
        if not isinstance(result, RevisionStale)
    ]
    Screening.objects.filter(comment__in=done).delete()


def _reviewable(queue_entry: QueueEntry, comment: Comment | None, *, now: datetime) -> Reviewable:
    if comment is None:
        raise AssertionError("a decision without its comment")
    return Reviewable.of(
        comment,
        why=queue_entry.why,
        category=queue_entry.category,
        priority=queue_entry.priority,
        now=now,
    )
