"""Screen again what was held only because a service was away.

While the classifier or an external moderator is away, comments are held for a person. Once it is
back they are decided as they would have been, unless a person has looked meanwhile. What came in
while the broker was away was never decided, and needs no more than the sweep.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from comments.models import Status
from moderation.models import Decision, DecisionSource, QueueReason, Reviewable
from moderation.rules.verdicts import Reason, Verdict
from moderation.screening import classifier, screen

# A comment that took a worker down is not among them: a person looks at it.
AWAY = frozenset({Reason.CLASSIFIER_AWAY.value, Reason.EXTERNAL_SILENT.value})
# Older comments are left to people.
LONGEST = timedelta(days=7)
SOONEST = timedelta(minutes=1)
BATCH = 500


def recheck(*, now: datetime) -> int:
    """Make what waits only for that due for screening, in batches; return how many comments.

    A service that is still silent is asked less and less often: each time after as long again as
    the comment is old.
    """
    away = {Reason.CLASSIFIER_AWAY.value} if not classifier.version() else set()
    return sum(
        screen.rescreen([d.comment_id for d in _held(batch) if _is_due(d, away, now=now)])
        for batch in _batches(now=now)
    )


def _batches(*, now: datetime) -> Iterator[Sequence[UUID]]:
    """Yield the comments in the queue that nobody reads now, held by the rules, oldest first."""
    waiting = Reviewable.objects.open().unclaimed(now).order_by("id")
    waiting = waiting.filter(
        why=QueueReason.SCREENED,
        escalated_at=None,
        comment__status=Status.HELD,
        comment__created_at__gt=now - LONGEST,
        comment__screening=None,
    )
    last = None
    while rows := list(
        (waiting.filter(pk__gt=last) if last else waiting).values_list("pk", "comment")[:BATCH]
    ):
        last = rows[-1][0]
        yield [comment for _, comment in rows]


def _held(comments: Iterable[UUID]) -> Iterator[Decision]:
    """Yield the decisions in effect that hold a present text only since a service was away."""
    decisions = Decision.objects.effective().filter(
        comment__in=comments, source=DecisionSource.AUTOMATION, verdict=Verdict.HOLD
    )
    for decision in decisions.select_related("comment"):
        is_present = decision.revision == decision.comment.revision
        if is_present and reasons_of(decision.grounds) <= AWAY and decision.grounds:
            yield decision


def reasons_of(grounds: Iterable[Mapping[str, str]]) -> set[str]:
    """Return the reasons that stored grounds of a decision name."""
    return {ground["reason"] for ground in grounds}


def _is_due(decision: Decision, away: set[str], *, now: datetime) -> bool:
    if away & reasons_of(decision.grounds):
        return False
    age = decision.decided_at - decision.comment.created_at
    return now - decision.decided_at >= max(age, SOONEST)
