"""Find comments that came in a flood without a challenge, from a page without JavaScript."""

from collections.abc import Iterator, Sequence

from moderation.models import Finding
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject

# What `Comment.intake` has of the challenge, and that none was given.
CHALLENGE, NONE = "challenge", "none"


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield NO_CHALLENGE where a reader's page could not be asked."""
    for subject in batch:
        if subject.comment.intake.get(CHALLENGE) == NONE:
            yield subject, Finding(check_name="challenge", reason=Reason.NO_CHALLENGE)
