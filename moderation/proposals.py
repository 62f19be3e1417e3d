"""Proposals: what somebody wants decided about a comment, and how that may be refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from comments.models import User
from moderation.models import Finding, Policy, Source, Why
from moderation.verdicts import Ground, Verdict


class Refused(Exception):
    """A proposal that could not be recorded; the message says why and what to do next."""

    code = "refused"


class Gone(Refused):
    """There is no such comment any more."""

    code = "comment-gone"


class Stale(Refused):
    """The author has changed the comment since: look at the newer text first."""

    code = "revision-stale"


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
    opening: Opening = field(default_factory=lambda: Opening(why=Why.HELD))
