"""Deciding: the only writer of decisions and of a comment's status.

Whoever wants a verdict recorded (the rules, a moderator, the author, readers' reports) proposes
it here. A proposal that comes too late is refused with the reason, and changes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from comments.models import Comment, Revision, Status, Thread
from comments.models.comment import text_digest
from comments.text.markdown import render
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
    "revise",
]


@transaction.atomic
def decide(proposals: Sequence[Proposal], *, now: datetime) -> list[Decision | DecisionRefused]:
    """Record the verdicts, and answer each proposal with its decision or why there is none.

    Takes at most one proposal for a comment. In one transaction, with the comments locked in the
    order of their ids: decisions and findings are stored, statuses follow, held comments enter the
    queue and all others leave it.
    """
    cases = lock([proposal.comment_id for proposal in proposals])
    appealed = appeal_effects.refusals(proposals)
    answers: list[Decision | DecisionRefused] = []
    accepted: list[tuple[Proposal, Decision]] = []
    for proposal in proposals:
        case = cases[proposal.comment_id]
        if refused := appealed.get(proposal.comment_id) or refusal(proposal, case):
            answers.append(refused)
            continue
        decision = _decision(proposal, case.effective, now=now)
        answers.append(decision)
        accepted.append((proposal, decision))
    _store(accepted)
    _follow(accepted, cases, now=now)
    _tell(accepted, cases, now=now)
    appeal_effects.answer(accepted, now=now)
    _write_down(accepted, cases, now=now)
    _end_screenings(proposals, answers)
    return answers


def decide_one(proposal: Proposal, *, now: datetime) -> Decision:
    """Record one verdict; raise the DecisionRefused that says why it can't be."""
    (answer,) = decide([proposal], now=now)
    if isinstance(answer, DecisionRefused):
        raise answer
    return answer


def adopt(comments: Sequence[Comment], *, now: datetime) -> None:
    """Record for new, imported comments what was decided about them where they come from.

    What was held there waits for a person here; what is pending has no decision yet.
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


@transaction.atomic
def revise(comment: Comment, *, body: str, now: datetime) -> Comment:
    """Give a comment a new text, which must be screened anew; the old one is kept."""
    comment = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    Revision.objects.create(
        comment=comment, number=comment.revision, body=comment.body, replaced_at=now
    )
    comment.body, comment.body_html, comment.body_digest = body, render(body), text_digest(body)
    comment.revision += 1
    if comment.status == Status.APPROVED:
        Thread.objects.touch([comment.thread_id])
    comment.edited_at = now
    comment.status = Status.PENDING
    comment.save(
        update_fields=["body", "body_html", "body_digest", "revision", "edited_at", "status"]
    )
    Reviewable.objects.open().filter(comment=comment).update(closed_at=now)
    Screening.objects.update_or_create(
        comment=comment, defaults={"attempts": 0, "claimed_until": None, "waits_until": None}
    )
    return comment


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
        grounds=[ground._asdict() for ground in proposal.grounds],
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


def _follow(
    accepted: Sequence[tuple[Proposal, Decision]],
    cases: Mapping[UUID, LockedComment],
    *,
    now: datetime,
) -> None:
    """Make statuses and the queue agree with the decisions."""
    for verdict in {proposal.verdict for proposal, _ in accepted}:
        ids = [p.comment_id for p, _ in accepted if p.verdict is verdict]
        Comment.objects.filter(pk__in=ids).update(status=STATUS_OF_VERDICT[verdict])
    Thread.objects.touch(_changed(accepted, cases))
    decided = [proposal.comment_id for proposal, _ in accepted]
    # A held comment that a person or a new screening looked at again is a new matter.
    Reviewable.objects.open().filter(comment__in=decided).update(closed_at=now)
    Reviewable.objects.bulk_create(
        [
            _reviewable(proposal.opening, cases[proposal.comment_id].comment, now=now)
            for proposal, _ in accepted
            if proposal.opening and (proposal.verdict is Verdict.HOLD or proposal.waits)
        ]
    )


def _write_down(
    accepted: Iterable[tuple[Proposal, Decision]],
    cases: Mapping[UUID, LockedComment],
    *,
    now: datetime,
) -> None:
    """What a person decided goes into the audit trail; all of one call is one person's."""
    lines, by = [], None
    for proposal, decision in accepted:
        comment = cases[proposal.comment_id].comment
        if comment and proposal.source is DecisionSource.MODERATOR:
            by = proposal.decided_by
            detail = {"verdict": decision.verdict, "revision": decision.revision}
            act = AuditAction.UNDID if proposal.undoes else AuditAction.DECIDED
            lines.append(audit.AuditRecord(act, comment.site_id, comment.pk, detail))
    audit.note_all(lines, by=by, now=now)


def _changed(
    accepted: Iterable[tuple[Proposal, Decision]], cases: Mapping[UUID, LockedComment]
) -> Iterator[UUID]:
    """Yield the threads in which readers see a comment more or less than before."""
    for proposal, _ in accepted:
        comment = cases[proposal.comment_id].comment
        if comment and Status.APPROVED in (comment.status, STATUS_OF_VERDICT[proposal.verdict]):
            yield comment.thread_id


def _tell(
    accepted: Iterable[tuple[Proposal, Decision]],
    cases: Mapping[UUID, LockedComment],
    *,
    now: datetime,
) -> None:
    decided, undone = [], []
    for proposal, decision in accepted:
        if comment := cases[proposal.comment_id].comment:
            decided.append((decision, comment))
        if proposal.undoes:
            undone.append(proposal.comment_id)
    events.record_decisions(decided, undone=undone, now=now)
    announcements.announce(decided, undone=undone, now=now)


def _end_screenings(
    proposals: Sequence[Proposal], answers: Sequence[Decision | DecisionRefused]
) -> None:
    """Nothing is left to screen, unless the text was changed meanwhile."""
    done = [
        p.comment_id
        for p, a in zip(proposals, answers, strict=True)
        if not isinstance(a, RevisionStale)
    ]
    Screening.objects.filter(comment__in=done).delete()


def _reviewable(opening: QueueEntry, comment: Comment | None, *, now: datetime) -> Reviewable:
    if comment is None:
        raise AssertionError("a decision without its comment")
    return Reviewable.of(
        comment,
        why=opening.why,
        category=opening.category,
        priority=opening.priority,
        now=now,
    )
