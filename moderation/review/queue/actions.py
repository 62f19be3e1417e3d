"""What moderators do with comments in the queue: claim, decide, undo, escalate, write notes."""

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
from moderation.review.queue import queue
from moderation.review.queue.queue import ORDERS, QueueFilters
from moderation.rules.verdicts import Verdict


class NotAllowed(DecisionRefused):
    """The user doesn't moderate the comment's site, or there is no such comment."""

    code = "comment-gone"


class NotWaiting(DecisionRefused):
    """The comment is not in the queue."""

    code = "not-waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRequest:
    """A moderator's verdict on a comment, for the revision that was read."""

    comment_id: UUID
    revision: int
    verdict: Verdict
    reasoning: str = ""
    private_notes: str = ""
    # The status that was read; "" overrides whatever a colleague may have decided meanwhile.
    status: str = ""

    def proposal(self, moderator: User) -> Proposal:
        """Return the proposal for `moderation.decisions.decide`."""
        proposal = proposals.decision_request(
            comment_id=self.comment_id,
            revision=self.revision,
            verdict=self.verdict,
            moderator=moderator,
            reasoning=self.reasoning,
            private_notes=self.private_notes,
        )
        return replace(proposal, expected_status=self.status)


def decide_all(
    requests: Sequence[DecisionRequest], *, moderator: User, now: datetime
) -> list[Decision | DecisionRefused]:
    """Record a moderator's verdicts; return, in their order, each decision or refusal.

    A comment of a site that the user does not moderate is refused as if it did not exist.
    """
    moderated = _moderated(moderator, [request.comment_id for request in requests])
    allowed = [request for request in requests if request.comment_id in moderated]
    results = iter(decide([request.proposal(moderator) for request in allowed], now=now))
    return [
        next(results)
        if request.comment_id in moderated
        else NotAllowed("There is no such comment at a site that you moderate.")
        for request in requests
    ]


def undo(decision: Decision, *, moderator: User, now: datetime) -> Decision:
    """Undo a moderator's decision by a new one, which restores the verdict before it.

    A comment without an earlier decision is held. Raises DecisionRefused: NotUndoable where the
    decision is not a moderator's, or no longer in effect.
    """
    return decide_one(proposals.undo_request(decision, moderator=moderator), now=now)


@transaction.atomic
def claim(
    filters: QueueFilters, *, moderator: User, limit: int, lease: timedelta, now: datetime
) -> list[Reviewable]:
    """Claim the most urgent unclaimed comments that match, until the lease expires.

    Two moderators never get the same one. What was escalated is for the owners of its site.
    """
    sites = list(Site.objects.of(moderator, Role.at_least(Role.MODERATOR)))
    owned = list(Site.objects.of(moderator, [Role.OWNER]))
    permitted = Q(escalated_at=None) | Q(site__in=owned)
    matching = queue.select(filters, sites=sites, user=moderator, now=now).filter(permitted)
    unlocked = matching.unclaimed(now).select_for_update(skip_locked=True, of=("self",))
    claimed = list(unlocked.order_by(*ORDERS["priority"]).with_comments()[:limit])
    for reviewable in claimed:
        reviewable.claimed_by, reviewable.claimed_until = moderator, now + lease
    Reviewable.objects.bulk_update(claimed, ["claimed_by", "claimed_until"])
    return claimed


def release(comments: Iterable[UUID] | None = None, *, moderator: User) -> int:
    """Release the moderator's claims on these comments, or on all; return how many there were."""
    claims = Reviewable.objects.open().filter(claimed_by=moderator)
    if comments is not None:
        claims = claims.filter(comment__in=comments)
    return claims.update(claimed_by=None, claimed_until=None)


@transaction.atomic
def escalate(comment: Comment, *, moderator: User, now: datetime, why: str = "") -> Reviewable:
    """Escalate a queued comment to the owners of its site; it is claimed by nobody then.

    `why` is for the owners, cut to 1,000 characters. Raises NotWaiting when it isn't in the queue.
    """
    reviewable = Reviewable.objects.open().select_for_update().filter(comment=comment).first()
    if reviewable is None:
        raise NotWaiting("This comment waits for nobody: decide about it first.")
    reviewable.escalated_at, reviewable.escalated_by = now, moderator
    reviewable.escalated_why = why[:1000]
    reviewable.claimed_by = reviewable.claimed_until = None
    escalated = ["escalated_at", "escalated_by", "escalated_why"]
    reviewable.save(update_fields=[*escalated, "claimed_by", "claimed_until"])
    audit.record(
        AuditAction.ESCALATED,
        site=comment.site,
        by=moderator,
        now=now,
        subject=comment.pk,
        detail={"why": why[:1000]},
    )
    return reviewable


@transaction.atomic
def add_note(author: Author, *, text: str, moderator: User, now: datetime) -> Note:
    """Add a note about an author, which the site's members alone can read."""
    note = Note.objects.create(author=author, text=text, written_by=moderator, written_at=now)
    audit.record(AuditAction.NOTED, site=author.site, by=moderator, now=now, subject=author.pk)
    return note


def _moderated(moderator: User, comments: Iterable[UUID]) -> set[UUID]:
    sites = Site.objects.of(moderator, Role.at_least(Role.MODERATOR))
    moderated = Comment.objects.filter(pk__in=comments, site__in=sites)
    return set(moderated.values_list("pk", flat=True))
