"""What moderators do with comments in the queue: claim, decide, undo, escalate, write notes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Author, Comment, Role, Site, User
from comments.models.row_limits import require_room
from comments.privacy import email_addresses
from moderation.decisions import audit, proposals
from moderation.decisions.decide import decide, decide_one
from moderation.decisions.proposals import DecisionRefused, Proposal
from moderation.models import AuditAction, Decision, Note, RefusalReason, Reviewable
from moderation.review.queue import queue, refusal_reasons
from moderation.review.queue.queue import ORDERS, QueueFilters
from moderation.rules.causes import Cause
from moderation.rules.outcomes import VERDICTS_RESTRICTING
from moderation.rules.verdicts import Verdict
from moderation.screening import campaigns

MOST_NOTES = 500


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
    cause: Cause | None = None
    # The key of a reason of the site's list; it says the cause where none is given.
    reason: str = ""
    # The status that was read; "" overrides whatever a colleague may have decided meanwhile.
    status: str = ""

    def proposal(self, moderator: User, *, offered: Iterable[RefusalReason]) -> Proposal:
        """Return the proposal for `moderation.decisions.decide`; raise ReasonUnknown."""
        proposal = proposals.decision_request(
            comment_id=self.comment_id,
            revision=self.revision,
            verdict=self.verdict,
            moderator=moderator,
            reasoning=self.reasoning,
            private_notes=self.private_notes,
        )
        proposal = replace(proposal, expected_status=self.status, cause=self.cause)
        if not self.reason or self.verdict not in VERDICTS_RESTRICTING:
            return proposal
        reason = refusal_reasons.find(self.reason, offered)
        texts = [text for text in (reason.text, self.reasoning) if text]
        return replace(
            proposal,
            reasoning="\n\n".join(texts),
            cause=self.cause or (Cause(reason.cause) if reason.cause else None),
            refusal_reason=reason.key,
            is_illegal=reason.is_illegal,
        )


def decide_all(
    requests: Sequence[DecisionRequest], *, moderator: User, now: datetime
) -> list[Decision | DecisionRefused]:
    """Record a moderator's verdicts; return, in their order, each decision or refusal.

    A comment of a site that the user does not moderate is refused as if it did not exist.
    """
    proposals = propose(requests, moderator=moderator)
    accepted = [proposal for proposal in proposals if isinstance(proposal, Proposal)]
    decided = decide(accepted, now=now)
    campaigns.assign_refused((d for d in decided if isinstance(d, Decision)), now=now)
    results = iter(decided)
    return [next(results) if isinstance(proposal, Proposal) else proposal for proposal in proposals]


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
        raise NotWaiting(gettext("This comment waits for nobody: decide about it first."))
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
        detail={"why": email_addresses.redact(why[:1000])},
    )
    return reviewable


@transaction.atomic
def add_note(author: Author, *, text: str, moderator: User, now: datetime) -> Note:
    """Add a note about an author, which the site's members alone can read.

    Raises LimitReached beyond MOST_NOTES.
    """
    require_room(
        Note.objects.filter(author=author), most=MOST_NOTES, what=_("notes on this author")
    )
    note = Note.objects.create(author=author, text=text, written_by=moderator, written_at=now)
    audit.record(AuditAction.NOTED, site=author.site, by=moderator, now=now, subject=author.pk)
    return note


def propose(
    requests: Sequence[DecisionRequest], *, moderator: User
) -> list[Proposal | DecisionRefused]:
    """Return the proposal of each request, in their order, or why there is none."""
    sites = _moderated(moderator, [request.comment_id for request in requests])
    named = {sites[r.comment_id] for r in requests if r.reason and r.comment_id in sites}
    offered = refusal_reasons.offered(named) if named else {}
    proposed: list[Proposal | DecisionRefused] = []
    for request in requests:
        site = sites.get(request.comment_id)
        try:
            if site is None:
                raise NotAllowed(gettext("There is no such comment at a site that you moderate."))
            proposed.append(request.proposal(moderator, offered=offered.get(site, ())))
        except DecisionRefused as refusal:
            proposed.append(refusal)
    return proposed


def _moderated(moderator: User, comments: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the sites of those of the comments that the user moderates, by the comments' ids."""
    sites = Site.objects.of(moderator, Role.at_least(Role.MODERATOR))
    moderated = Comment.objects.filter(pk__in=comments, site__in=sites)
    return dict(moderated.values_list("pk", "site"))
