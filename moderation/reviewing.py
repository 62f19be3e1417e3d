"""Reviewing: a moderator works the queue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from comments.models import Comment, Role, Site, User
from moderation.deciding import Opening, Proposal, Refused, decide, decide_one
from moderation.models import Decision, Reviewable, Source, Why
from moderation.verdicts import Verdict


class NotUndoable(Refused):
    """Only a moderator's decision that still stands can be taken back."""

    code = "not-undoable"


class NotAllowed(Refused):
    """This user's role at the comment's site does not allow it."""

    code = "comment-gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a moderator says about a comment, having read this revision of it."""

    comment_id: UUID
    revision: int
    verdict: Verdict
    reasoning: str = ""
    private_notes: str = ""


def resolve(
    rulings: Sequence[Ruling], *, moderator: User, now: datetime
) -> list[Decision | Refused]:
    """Record a moderator's rulings and answer each with its decision or why there is none.

    A comment of a site that the user does not moderate is refused as if it did not exist.
    """
    mine = _moderated(moderator, [ruling.comment_id for ruling in rulings])
    allowed = [ruling for ruling in rulings if ruling.comment_id in mine]
    decided = iter(decide([_proposal(ruling, moderator) for ruling in allowed], now=now))
    return [
        next(decided)
        if ruling.comment_id in mine
        else NotAllowed("There is no such comment at a site that you moderate.")
        for ruling in rulings
    ]


@transaction.atomic
def undo(decision: Decision, *, moderator: User, now: datetime) -> Decision:
    """Take back a moderator's decision: the verdict before it counts again, as a new decision.

    A comment on which nothing had been decided before is held. Raises NotUndoable, or the Refused
    of `deciding`.
    """
    if decision.source != Source.MODERATOR or hasattr(decision, "overridden_by"):
        raise NotUndoable("Only a moderator's decision that still stands can be undone.")
    earlier = decision.overrides
    waited = Reviewable.objects.filter(comment=decision.comment_id).order_by("-id").first()
    return decide_one(
        Proposal(
            comment_id=decision.comment_id,
            revision=decision.revision,
            verdict=Verdict(earlier.verdict) if earlier else Verdict.HOLD,
            source=Source.MODERATOR,
            decided_by=moderator,
            reasoning=earlier.reasoning if earlier else "",
            undoes=True,
            opening=_as_before(waited),
        ),
        now=now,
    )


@transaction.atomic
def claim(
    sites: Iterable[Site], *, moderator: User, limit: int, lease: timedelta, now: datetime
) -> list[Reviewable]:
    """Take the most urgent reviewables that nobody holds, until the lease runs out.

    Two moderators never get the same one.
    """
    free = Reviewable.objects.open().unclaimed(now).at(sites)
    taken = list(
        free.select_for_update(skip_locked=True).with_comments().order_by("-priority", "id")[:limit]
    )
    for reviewable in taken:
        reviewable.claimed_by, reviewable.claimed_until = moderator, now + lease
    Reviewable.objects.bulk_update(taken, ["claimed_by", "claimed_until"])
    return taken


def release(comments: Iterable[UUID], *, moderator: User) -> int:
    """Give claimed comments back to the queue and return how many these were."""
    mine = Reviewable.objects.open().filter(claimed_by=moderator, comment__in=comments)
    return mine.update(claimed_by=None, claimed_until=None)


def _as_before(waited: Reviewable | None) -> Opening:
    """Return how a comment waited, for it to wait so again."""
    if waited is None:
        return Opening(why=Why.HELD)
    return Opening(why=Why(waited.why), category=waited.category, priority=waited.priority)


def _moderated(moderator: User, comments: Iterable[UUID]) -> set[UUID]:
    sites = Site.objects.of(moderator, Role.at_least(Role.MODERATOR))
    wanted = Comment.objects.filter(pk__in=comments, site__in=sites)
    return set(wanted.values_list("pk", flat=True))


def _proposal(ruling: Ruling, moderator: User) -> Proposal:
    return Proposal(
        comment_id=ruling.comment_id,
        revision=ruling.revision,
        verdict=ruling.verdict,
        source=Source.MODERATOR,
        decided_by=moderator,
        reasoning=ruling.reasoning,
        private_notes=ruling.private_notes,
        opening=Opening(why=Why.HELD),
    )
