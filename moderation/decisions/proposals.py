"""Proposals for a decision about a comment, and the exceptions that refuse them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from comments.models import SiteKey, User
from moderation.models import Decision, DecisionSource, Finding, Policy, QueueReason, Reviewable
from moderation.rules.causes import Cause
from moderation.rules.verdicts import Verdict, VerdictReason


class DecisionRefused(Exception):
    """Raised when a proposal can't be recorded; the message says why and what to do next.

    `code` is the machine-readable reason, the last part of the API's problem type.
    """

    code = "refused"


class CommentGone(DecisionRefused):
    """There is no such comment any more."""

    code = "comment-gone"


class RevisionStale(DecisionRefused):
    """The author has edited the comment since it was read (optimistic locking by revision)."""

    code = "revision-stale"


class StatusChanged(DecisionRefused):
    """Somebody else has decided since the comment was read (optimistic locking by status)."""

    code = "already-decided"


class NotUndoable(DecisionRefused):
    """Only a moderator's decision that is still effective can be undone."""

    code = "not-undoable"


class OwnAppeal(DecisionRefused):
    """Nobody resolves an appeal against their own decision."""

    code = "own-appeal"


class ReasonsMissing(DecisionRefused):
    """Upholding a refusal needs reasons for the author (Digital Services Act, article 20)."""

    code = "reasons-missing"


class AlreadySettled(DecisionRefused):
    """The text has been decided about by a source that takes precedence."""

    code = "already-decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """How a comment enters the review queue: the reason, a category, and the risk (0 to 1).

    `reopens` is the id of a closed entry that is opened again, in its old place.
    Blind, it is shown without what was found, for the audit.
    """

    why: QueueReason
    category: str = ""
    priority: float = 0.5
    reopens: UUID | None = None
    is_blind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A verdict, proposed for the revision of a comment that its proposer has read."""

    comment_id: UUID
    revision: int
    verdict: Verdict
    source: DecisionSource
    decided_by: User | None = None
    # The key by which a site's software decides, for the audit trail.
    key: SiteKey | None = None
    reasoning: str = ""
    private_notes: str = ""
    undoes: bool = False
    # Why a moderator refuses the comment; None where that is not said.
    cause: Cause | None = None
    # The key of the reason of the site's list that a moderator chose, and whether it is that the
    # content is illegal.
    refusal_reason: str = ""
    is_illegal: bool = False
    # Whether a moderator's verdict is about this text, and so says something of others like it.
    is_lesson: bool = True
    policy: Policy | None = None
    reasons: Sequence[VerdictReason] = ()
    findings: Sequence[Finding] = ()
    # How it enters the queue where it is held; None for what waits for its author.
    queue_entry: QueueEntry | None = field(default_factory=lambda: QueueEntry(why=QueueReason.HELD))

    # The id of the decision that it undoes, which must be the effective one.
    undone_decision_id: UUID | None = None
    # The status that the proposer has read; "" where that does not matter.
    expected_status: str = ""
    # Whether it enters the queue although it is not held.
    needs_review: bool = False


def decision_request(
    *,
    comment_id: UUID,
    revision: int,
    verdict: Verdict,
    moderator: User,
    reasoning: str = "",
    private_notes: str = "",
) -> Proposal:
    """Return a moderator's proposal about a comment, having read this revision of it."""
    return Proposal(
        comment_id=comment_id,
        revision=revision,
        verdict=verdict,
        source=DecisionSource.MODERATOR,
        decided_by=moderator,
        reasoning=reasoning,
        private_notes=private_notes,
    )


def undo_request(decision: Decision, *, moderator: User) -> Proposal:
    """Return the proposal that undoes a decision by restoring the verdict that it overrode.

    A comment without an earlier decision is held. What waited in the queue until the decision waits
    there again, since when it did and for the same reason, also where it was public meanwhile
    because of a report or an appeal.
    """
    earlier = decision.overrides
    last_entry = Reviewable.objects.filter(comment=decision.comment_id).order_by("-id").first()
    is_closed_by_it = last_entry is not None and last_entry.closed_at == decision.decided_at
    return Proposal(
        comment_id=decision.comment_id,
        revision=decision.revision,
        verdict=Verdict(earlier.verdict) if earlier else Verdict.HOLD,
        source=DecisionSource.MODERATOR,
        decided_by=moderator,
        reasoning=earlier.reasoning if earlier else "",
        cause=Cause(earlier.cause) if earlier and earlier.cause else None,
        refusal_reason=earlier.refusal_reason if earlier else "",
        is_illegal=earlier is not None and earlier.is_illegal,
        undoes=True,
        undone_decision_id=decision.pk,
        queue_entry=_restored(last_entry, reopens=is_closed_by_it),
        needs_review=is_closed_by_it,
    )


def _restored(entry: Reviewable | None, *, reopens: bool) -> QueueEntry:
    """Return how a comment enters the queue as by an earlier entry, or again by that entry."""
    if entry is None:
        return QueueEntry(why=QueueReason.HELD)
    return QueueEntry(
        why=QueueReason(entry.why),
        category=entry.category,
        priority=entry.priority,
        reopens=entry.pk if reopens else None,
    )
