"""Record decisions: the only writer of `Decision` rows and of a comment's status.

Every source of a verdict (the rules, a moderator, the author, readers' reports) makes a `Proposal`
and passes it here. A stale proposal is refused with the reason, and changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from comments.models import Comment, SiteKey, Status, Thread, User
from comments.threads.threads import name_by_comments
from moderation.decisions import appeal_effects, audit, lessons, queue_entries
from moderation.decisions.locking import LockedComment, lock, overrules_moderator, refusal
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
    proposals = appeal_effects.with_upheld_reasons(proposals)
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
    _record_lessons(accepted, locked_comments)
    _update_statuses(accepted, locked_comments)
    queue_entries.update(accepted, locked_comments, now=now)
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
        cause=proposal.cause or "",
        refusal_reason=proposal.refusal_reason,
        is_illegal=proposal.is_illegal,
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


def _record_lessons(
    accepted: Iterable[tuple[Proposal, Decision]], locked_comments: Mapping[UUID, LockedComment]
) -> None:
    """Have the classifier learn from moderators' decisions, and unlearn those they override."""
    taught, overridden = [], []
    for proposal, decision in accepted:
        if proposal.source is not DecisionSource.MODERATOR:
            continue
        if decision.overrides_id:
            overridden.append(decision.overrides_id)
        comment = locked_comments[proposal.comment_id].comment
        if comment and proposal.is_lesson:
            taught.append((decision, comment))
    if taught or overridden:
        lessons.record(taught, overridden=overridden)


def _update_statuses(
    accepted: Sequence[tuple[Proposal, Decision]], locked_comments: Mapping[UUID, LockedComment]
) -> None:
    for verdict in {proposal.verdict for proposal, _ in accepted}:
        ids = [p.comment_id for p, _ in accepted if p.verdict is verdict]
        Comment.objects.filter(pk__in=ids).update(status=STATUS_OF_VERDICT[verdict])
    name_by_comments(
        comment
        for proposal, _ in accepted
        if proposal.verdict is Verdict.APPROVE
        and (comment := locked_comments[proposal.comment_id].comment)
    )
    Thread.objects.touch(_changed_threads(accepted, locked_comments))


def _changed_threads(
    accepted: Iterable[tuple[Proposal, Decision]], locked_comments: Mapping[UUID, LockedComment]
) -> Iterator[UUID]:
    """Yield the threads whose public comments change, so that their caches are invalidated."""
    for proposal, _ in accepted:
        comment = locked_comments[proposal.comment_id].comment
        if comment and Status.APPROVED in (comment.status, STATUS_OF_VERDICT[proposal.verdict]):
            yield comment.thread_id


def _write_audit_trail(
    accepted: Iterable[tuple[Proposal, Decision]],
    locked_comments: Mapping[UUID, LockedComment],
    *,
    now: datetime,
) -> None:
    """Add an entry for each decision of a moderator or a key; all of one call are of one actor."""
    records: list[audit.AuditRecord] = []
    by: User | SiteKey | None = None
    for proposal, decision in accepted:
        locked = locked_comments[proposal.comment_id]
        is_moderators = proposal.source is DecisionSource.MODERATOR
        if locked.comment and (is_moderators or proposal.key):
            by = proposal.decided_by if is_moderators else proposal.key
            detail = {"verdict": decision.verdict, "revision": decision.revision}
            if overrules_moderator(proposal, locked) and locked.effective_decision:
                detail["overrules"] = locked.effective_decision.verdict
            action = AuditAction.UNDID if proposal.undoes else AuditAction.DECIDED
            subject = locked.comment
            records.append(audit.AuditRecord(action, subject.site_id, subject.pk, detail))
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
