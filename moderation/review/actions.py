"""Reviewing: a moderator works the queue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from comments.models import Author, Comment, Role, Site, User
from moderation.decisions import audit, proposals
from moderation.decisions.decide import decide, decide_one
from moderation.decisions.proposals import DecisionRefused, Proposal
from moderation.models import AuditAction, Decision, Note, Reviewable
from moderation.review import queue
from moderation.review.queue import ORDERS, QueueFilters
from moderation.rules.verdicts import Verdict


class NotAllowed(DecisionRefused):
    """This user's role at the comment's site does not allow it."""

    code = "comment-gone"


class NotWaiting(DecisionRefused):
    """The comment is not in the queue."""

    code = "not-waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRequest:
    """What a moderator says about a comment, having read this revision of it."""

    comment_id: UUID
    revision: int
    verdict: Verdict
    reasoning: str = ""
    private_notes: str = ""
    # The status that was read; "" decides whatever a colleague may have said meanwhile.
    status: str = ""

    def proposal(self, moderator: User) -> Proposal:
        """Return what is asked of `deciding`."""
        said = proposals.decision_request(
            comment_id=self.comment_id,
            revision=self.revision,
            verdict=self.verdict,
            moderator=moderator,
            reasoning=self.reasoning,
            private_notes=self.private_notes,
        )
        return replace(said, seen=self.status)


def resolve(
    rulings: Sequence[DecisionRequest], *, moderator: User, now: datetime
) -> list[Decision | DecisionRefused]:
    """Record a moderator's rulings and answer each with its decision or why there is none.

    A comment of a site that the user does not moderate is refused as if it did not exist.
    """
    mine = _moderated(moderator, [ruling.comment_id for ruling in rulings])
    allowed = [ruling for ruling in rulings if ruling.comment_id in mine]
    decided = iter(decide([ruling.proposal(moderator) for ruling in allowed], now=now))
    return [
        next(decided)
        if ruling.comment_id in mine
        else NotAllowed("There is no such comment at a site that you moderate.")
        for ruling in rulings
    ]


def undo(decision: Decision, *, moderator: User, now: datetime) -> Decision:
    """Take back a moderator's decision: the verdict before it counts again, as a new decision.

    A comment on which nothing had been decided before is held. Raises DecisionRefused: NotUndoable
    where the decision is not a moderator's, or counts no longer.
    """
    return decide_one(proposals.undo_request(decision, moderator=moderator), now=now)


@transaction.atomic
def claim(
    wanted: QueueFilters, *, moderator: User, limit: int, lease: timedelta, now: datetime
) -> list[Reviewable]:
    """Take the most urgent of what is wanted and nobody holds, until the lease runs out.

    Two moderators never get the same one. What was escalated is for the owners of its site.
    """
    sites = list(Site.objects.of(moderator, Role.at_least(Role.MODERATOR)))
    owned = list(Site.objects.of(moderator, [Role.OWNER]))
    mine = Q(escalated_at=None) | Q(site__in=owned)
    free = queue.select(wanted, sites=sites, user=moderator, now=now).unclaimed(now).filter(mine)
    urgent = free.select_for_update(skip_locked=True, of=("self",)).order_by(*ORDERS["priority"])
    taken = list(urgent.with_comments()[:limit])
    for reviewable in taken:
        reviewable.claimed_by, reviewable.claimed_until = moderator, now + lease
    Reviewable.objects.bulk_update(taken, ["claimed_by", "claimed_until"])
    return taken


def release(comments: Iterable[UUID] | None = None, *, moderator: User) -> int:
    """Give claimed comments, or all, back to the queue and return how many these were."""
    mine = Reviewable.objects.open().filter(claimed_by=moderator)
    if comments is not None:
        mine = mine.filter(comment__in=comments)
    return mine.update(claimed_by=None, claimed_until=None)


@transaction.atomic
def escalate(comment: Comment, *, moderator: User, now: datetime, why: str = "") -> Reviewable:
    """Leave a comment that waits to the owners of its site, and say why.

    Raises NotWaiting when it does not wait for anybody.
    """
    waiting = Reviewable.objects.open().select_for_update().filter(comment=comment).first()
    if waiting is None:
        raise NotWaiting("This comment waits for nobody: decide about it first.")
    waiting.escalated_at, waiting.escalated_by, waiting.escalated_why = now, moderator, why[:1000]
    waiting.claimed_by = waiting.claimed_until = None
    escalated = ["escalated_at", "escalated_by", "escalated_why"]
    waiting.save(update_fields=[*escalated, "claimed_by", "claimed_until"])
    audit.note(
        AuditAction.ESCALATED,
        site=comment.site,
        by=moderator,
        now=now,
        subject=comment.pk,
        detail={"why": why[:1000]},
    )
    return waiting


@transaction.atomic
def remark(author: Author, *, text: str, moderator: User, now: datetime) -> Note:
    """Write a note about an author for colleagues."""
    note = Note.objects.create(author=author, text=text, written_by=moderator, written_at=now)
    audit.note(AuditAction.NOTED, site=author.site, by=moderator, now=now, subject=author.pk)
    return note


def _moderated(moderator: User, comments: Iterable[UUID]) -> set[UUID]:
    sites = Site.objects.of(moderator, Role.at_least(Role.MODERATOR))
    wanted = Comment.objects.filter(pk__in=comments, site__in=sites)
    return set(wanted.values_list("pk", flat=True))
