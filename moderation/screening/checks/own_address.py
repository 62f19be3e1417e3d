"""Find comments whose text has the email address that the author gave, which is not published."""

from collections.abc import Iterator, Sequence
from itertools import islice

from comments.privacy import email_addresses, names
from moderation.models import Finding
from moderation.rules.verdicts import Reason
from moderation.screening.contract import ScreeningSubject

MAX_ADDRESSES = 50


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield OWN_ADDRESS where the text has the author's own address.

    Some write it there on purpose, others by mistake, and a person sees which. Nothing is
    decrypted: digests are compared.
    """
    for subject in batch:
        author = subject.comment.author
        if author and author.email_digest and _has(subject.text, author.email_digest):
            yield subject, Finding(check_name="own_address", reason=Reason.OWN_ADDRESS)


def _has(text: str, digest: str) -> bool:
    addresses = islice(names.addresses_in(text), MAX_ADDRESSES)
    return any(digest in email_addresses.email_digests(address) for address in addresses)
