"""Find comments whose decoy field was filled in: people do not see that field."""

from collections.abc import Iterator, Sequence

from moderation.models import Finding
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield DECOY_FILLED."""
    for subject in batch:
        if subject.comment.intake.get("decoy_filled"):
            yield subject, Finding(check_name="honeypot", reason=Reason.DECOY_FILLED)
