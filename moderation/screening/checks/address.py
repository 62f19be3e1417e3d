"""Finds comments whose writer has not shown that the email address is their own."""

from collections.abc import Iterator, Sequence

from moderation.models import Finding
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield ADDRESS_UNCONFIRMED where nobody ever confirmed the address; the rules may ask for it.

    It is about our own form: what a site's server passes on, the site answers for.
    """
    for subject in batch:
        comment, author = subject.comment, subject.comment.author
        if author is None or author.verified_at or comment.author_verified:
            continue
        if "form" in comment.intake:
            yield subject, Finding(check_name="address", reason=Reason.ADDRESS_UNCONFIRMED)
