"""Proposals: what somebody wants decided about a comment, and how that may be refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from comments.models import User
from moderation.models import Decision, Finding, Policy, Reviewable, Source, Why
from moderation.rules.verdicts import Ground, Verdict


class Refused(Exception):
    """A proposal that could not be recorded; the message says why and what to do next."""

    code = "refused"


class Gone(Refused):
    """There is no such comment any more."""

    code = "comment-gone"


class Stale(Refused):
    """The author has changed the comment since: look at the newer text first."""

    code = "revision-stale"


class Overtaken(Refused):
    """Somebody else has decided since the comment was read: look at what they said first."""

    code = "already-decided"


class NotUndoable(Refused):
    """Only a moderator's decision that still stands can be taken back."""

    code = "not-undoable"


class OwnAppeal(Refused):
    """Nobody judges an appeal against the own decision."""

    code = "own-appeal"


class ReasonsMissing(Refused):
    """Who upholds a refusal tells the author why (Digital Services Act, article 20)."""

    code = "reasons-missing"


class Settled(Refused):
    """The matter is settled already, by somebody whose word counts for more."""

    code = "already-decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a held comment enters the queue."""

    why: Why
    category: str = ""
    priority: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A verdict on the revision that its proposer has seen."""

    comment_id: UUID
    revision: int
    verdict: Verdict
    source: Source
    decided_by: User | None = None
    reasoning: str = ""
    private_notes: str = ""
    undoes: bool = False
    policy: Policy | None = None
    grounds: Sequence[Ground] = ()
    findings: Sequence[Finding] = ()
    # How it enters the queue where it is held; None for what waits for its author.
    opening: Opening | None = field(default_factory=lambda: Opening(why=Why.HELD))

    # The decision that it takes back, which must be the one that stands.
    takes_back: UUID | None = None
    # The status that the proposer has seen; "" where that does not matter.
    seen: str = ""
    # Whether it waits for a person although it is not held.
    waits: bool = False


def ruling(
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
        source=Source.MODERATOR,
        decided_by=moderator,
        reasoning=reasoning,
        private_notes=private_notes,
    )


def undoing(decision: Decision, *, moderator: User) -> Proposal:
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
        source=Source.MODERATOR,
        decided_by=moderator,
        reasoning=earlier.reasoning if earlier else "",
        undoes=True,
        takes_back=decision.pk,
        opening=_as_before(waited),
        waits=waited is not None and waited.closed_at == decision.decided_at,
    )


def _as_before(waited: Reviewable | None) -> Opening:
    """Return how a comment waited, for it to wait so again."""
    if waited is None:
        return Opening(why=Why.HELD)
    return Opening(why=Why(waited.why), category=waited.category, priority=waited.priority)
