"""Record the decisions that imported comments bring along."""

from collections.abc import Sequence
from datetime import datetime

from comments.models import Comment, Status, Thread
from moderation.models import Decision, DecisionSource, QueueReason, Reviewable
from moderation.rules.outcomes import STATUS_OF_VERDICT


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
