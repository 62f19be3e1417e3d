"""Proposals: what somebody wants decided about a comment, and how that may be refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from comments.models import User
from moderation.models import Decision, DecisionSource, Finding, Policy, QueueReason, Reviewable
from moderation.rules.verdicts import Verdict, VerdictReason


class DecisionRefused(Exception):
    """A proposal that could not be recorded; the message says why and what to do next."""

    code = "refused"


class CommentGone(DecisionRefused):
    """There is no such comment any more."""

    code = "comment-gone"


class RevisionStale(DecisionRefused):
    """The author has changed the comment since: look at the newer text first."""

    code = "revision-stale"


class StatusChanged(DecisionRefused):
    """Somebody else has decided since the comment was read: look at what they said first."""

    code = "already-decided"


class NotUndoable(DecisionRefused):
    """Only a moderator's decision that still stands can be taken back."""

    code = "not-undoable"


class OwnAppeal(DecisionRefused):
    """Nobody judges an appeal against the own decision."""

    code = "own-appeal"


class ReasonsMissing(DecisionRefused):
    """Who upholds a refusal tells the author why (Digital Services Act, article 20)."""

    code = "reasons-missing"


class AlreadySettled(DecisionRefused):
    """The matter is settled already, by somebody whose word counts for more."""

    code = "already-decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """How a held comment enters the queue."""

    why: QueueReason
    category: str = ""
    priority: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A verdict on the revision that its proposer has seen."""

    comment_id: UUID
    revision: int
    verdict: Verdict
    source: DecisionSource
    decided_by: User | None = None
    reasoning: str = ""
    private_notes: str = ""
    undoes: bool = False
    policy: Policy | None = None
    grounds: Sequence[VerdictReason] = ()
    findings: Sequence[Finding] = ()
    # How it enters the queue where it is held; None for what waits for its author.
    opening: QueueEntry | None = field(default_factory=lambda: QueueEntry(why=QueueReason.HELD))

    # The decision that it takes back, which must be the one that stands.
    takes_back: UUID | None = None
    # The status that the proposer has seen; "" where that does not matter.
    seen: str = ""
    # Whether it waits for a person although it is not held.
    waits: bool = False


def decision_request(
    *,
    comment_id: UUID,
    revision: int,
    verdict: Verdict,
    moderator: User,
    reasoning: str = "",
    private_notes: str = "",
) -> Proposal:
    """Return what a moderator says about a comment, having read this revision of it."""
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
    """Return the proposal that takes back a decision: the verdict before it counts again.

    A comment on which nothing had been decided before is held, and waits as it did. One that was
    public and waited because of a report or an appeal waits again.
    """
    earlier = decision.overrides
    waited = Reviewable.objects.filter(comment=decision.comment_id).order_by("-id").first()
    return Proposal(
        comment_id=decision.comment_id,
        revision=decision.revision,
        verdict=Verdict(earlier.verdict) if earlier else Verdict.HOLD,
        source=DecisionSource.MODERATOR,
        decided_by=moderator,
        reasoning=earlier.reasoning if earlier else "",
        undoes=True,
        takes_back=decision.pk,
        opening=_as_before(waited),
        waits=waited is not None and waited.closed_at == decision.decided_at,
    )


def _as_before(waited: Reviewable | None) -> QueueEntry:
    """Return how a comment waited, for it to wait so again."""
    if waited is None:
        return QueueEntry(why=QueueReason.HELD)
    return QueueEntry(
        why=QueueReason(waited.why), category=waited.category, priority=waited.priority
    )
