"""What decisions do to the review queue: entries are closed, opened, and opened again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from comments.models import Comment
from moderation.decisions.locking import LockedComment, overrules_moderator
from moderation.decisions.proposals import Proposal, QueueEntry
from moderation.models import (
    Campaign,
    Decision,
    DecisionSource,
    Finding,
    QueueReason,
    Reviewable,
)
from moderation.rules.verdicts import Verdict


def update(
    accepted: Sequence[tuple[Proposal, Decision]],
    locked_comments: Mapping[UUID, LockedComment],
    *,
    now: datetime,
) -> None:
    """Close the queue entries of decided comments, and open one for each that is to be reviewed.

    What an undo reopens keeps its place. An appeal waits for a person: its entry stays open,
    whatever the rules decide meanwhile.
    """
    decided = [proposal.comment_id for proposal, _ in accepted]
    automated = [p.comment_id for p, _ in accepted if p.source is DecisionSource.AUTOMATION]
    waiting = Reviewable.objects.open().filter(comment__in=decided)
    # A held comment that a person or a new screening looked at again is a new matter.
    closing = waiting.exclude(comment__in=automated, why=QueueReason.APPEALED)
    closing.update(closed_at=now)
    entering = [
        (entry, locked_comments[proposal.comment_id].comment)
        for proposal, _ in accepted
        if (entry := _queue_entry(proposal, locked_comments[proposal.comment_id]))
    ]
    reopened = [entry.reopens for entry, _ in entering if entry.reopens]
    if reopened:
        Reviewable.objects.filter(pk__in=reopened).update(closed_at=None)
    campaigns, reasons = _campaigns(entering), _reasons(accepted, entering)
    Reviewable.objects.bulk_create(
        [
            _reviewable(entry, comment, campaigns=campaigns, reasons=reasons, now=now)
            for entry, comment in entering
            if not entry.reopens
        ],
        # Of the entries that stayed open.
        ignore_conflicts=True,
    )


def _queue_entry(proposal: Proposal, locked: LockedComment) -> QueueEntry | None:
    """Return how a decided comment enters the queue; None where nobody needs to look."""
    if overrules_moderator(proposal, locked):
        return QueueEntry(why=QueueReason.OVERRULED)
    needs_review = proposal.verdict is Verdict.HOLD or proposal.needs_review
    return proposal.queue_entry if needs_review else None


def _campaigns(entering: Sequence[tuple[QueueEntry, Comment | None]]) -> Mapping[UUID, UUID]:
    """Return the campaigns of the comments, by their ids.

    None of what is shown blind, which stands for itself; and none where the latest of a campaign
    that a person decided about was approved.
    """
    comments = [c.pk for entry, c in entering if c and not entry.is_blind and not entry.reopens]
    found = Campaign.objects.of_comments(comments) if comments else {}
    decisions = Campaign.objects.decisions(set(found.values())) if found else {}
    approved = {pk for pk, decision in decisions.items() if decision.verdict == Verdict.APPROVE}
    return {comment: pk for comment, pk in found.items() if pk not in approved}


def _reasons(
    accepted: Sequence[tuple[Proposal, Decision]],
    entering: Sequence[tuple[QueueEntry, Comment | None]],
) -> Mapping[UUID, Collection[str]]:
    """Return the reasons of what was found in the texts, by the ids of the comments.

    The rules have just found it; what others decide about was looked at before.
    """
    found: dict[UUID, Collection[str]] = {
        proposal.comment_id: {finding.reason for finding in proposal.findings}
        for proposal, _ in accepted
        if proposal.source is DecisionSource.AUTOMATION
    }
    earlier = [
        comment.pk
        for entry, comment in entering
        if comment and not entry.reopens and comment.pk not in found
    ]
    return found | dict(Finding.objects.reasons_of(earlier)) if earlier else found


def _reviewable(
    queue_entry: QueueEntry,
    comment: Comment | None,
    *,
    campaigns: Mapping[UUID, UUID],
    reasons: Mapping[UUID, Collection[str]],
    now: datetime,
) -> Reviewable:
    if comment is None:
        raise AssertionError("a decision without its comment")
    entry = Reviewable.of(
        comment,
        why=queue_entry.why,
        category=queue_entry.category,
        is_blind=queue_entry.is_blind,
        priority=queue_entry.priority,
        now=now,
    )
    entry.campaign_id = campaigns.get(comment.pk)
    return entry.found_for(reasons.get(comment.pk, ()))
