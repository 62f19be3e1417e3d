"""The challenge of a form in a flood: whether it was solved, and the row that uses it up.

Of a page that runs no script nothing can be asked: what comes from there waits instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from comments.models import Site, UsedToken
from comments.models.insertion import insert_if_new
from comments.privacy import proof_of_work
from moderation.intake.refusals import ChallengeUnsolved

# What `Comment.intake` has of it; the check of the same name reads it.
EVIDENCE = "challenge"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a form is asked: nothing outside of a flood, nor of a page without scripts."""

    site: Site
    sent: str = ""
    is_asked: bool = False
    evidence: Mapping[str, str] = field(default_factory=dict)

    def uses(self, *, careful: bool, now: datetime) -> Sequence[UsedToken]:
        """Return the rows to store that use the proof up; see `idempotency.Create`.

        Raises ChallengeUnsolved unless the proof that is asked for is right and was not used.
        """
        if not self.is_asked:
            return []
        try:
            proof = proof_of_work.read(self.sent, self.site, now=now)
        except proof_of_work.ProofInvalid:
            raise ChallengeUnsolved from None
        use = proof_of_work.use_of(proof, self.site)
        if not careful:
            return [use]
        if not insert_if_new(use):
            raise ChallengeUnsolved
        return []


def for_form(data: Any, site: Site, *, scripted: bool) -> Challenge:
    """Return what a form is asked that came with this data, which may be anything."""
    if not site.in_flood:
        return Challenge(site)
    if not scripted:
        return Challenge(site, evidence={EVIDENCE: "none"})
    sent = data.get("altcha") if isinstance(data, Mapping) else ""
    return Challenge(site, str(sent or ""), is_asked=True, evidence={EVIDENCE: "solved"})
