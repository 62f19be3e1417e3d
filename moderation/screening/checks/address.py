"""Find comments whose email address is not confirmed by who wrote them."""

from collections.abc import Iterator, Sequence

from moderation.models import Finding
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield ADDRESS_UNCONFIRMED where this writer has not proved that the email address is theirs.

    That its owner once confirmed it proves nothing of who types it. Only comments from our own form
    are checked: for those of a site's server, the site vouches.
    """
    for subject in batch:
        comment, author = subject.comment, subject.comment.author
        if author is None or comment.author_verified:
            continue
        if "form" in comment.intake:
            yield subject, Finding(check_name="address", reason=Reason.ADDRESS_UNCONFIRMED)
