"""Find comments of readers whom the site has not signed on."""

from collections.abc import Iterator, Sequence

from moderation.models import Finding
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject

# What `Comment.intake` has of comments that came in by our form or from the site's server.
DOORS = frozenset({"form", "vouched_by"})


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield GUEST where nobody vouches for the writer. Drafts and imports have no writer yet."""
    for subject in batch:
        intake = subject.comment.intake
        if DOORS & intake.keys() and not intake.get("signed_on"):
            yield subject, Finding(check_name="guests", reason=Reason.GUEST)
