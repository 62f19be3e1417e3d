"""Finds what an author's record tells: a first comment, somebody known, or somebody to trust."""

from collections.abc import Iterator, Sequence

from comments.models import Author, Status
from comments.models.author import Record
from moderation.checks.contract import Subject
from moderation.models import Finding
from moderation.verdicts import Reason


def find(batch: Sequence[Subject]) -> Iterator[tuple[Subject, Finding]]:
    """Yield FIRST_COMMENT, KNOWN_AUTHOR or TRUSTED_AUTHOR, with the author's record."""
    authors = {author for subject in batch if (author := subject.comment.author_id)}
    records = Author.objects.records(authors)
    for subject in batch:
        author = subject.comment.author_id
        record = records.get(author, {}) if author else {}
        reason = reason_for(record, trust_after=subject.rules.trust_after)
        yield subject, Finding(check_name="author", reason=reason, evidence=dict(record))


def reason_for(record: Record, *, trust_after: int) -> Reason:
    """Return what a record says of an author, where so many approved comments earn trust."""
    approved = record.get(Status.APPROVED, 0)
    if not approved:
        return Reason.FIRST_COMMENT
    refused = record.get(Status.REJECTED, 0) + record.get(Status.SPAM, 0)
    trusted = approved >= trust_after and not refused
    return Reason.TRUSTED_AUTHOR if trusted else Reason.KNOWN_AUTHOR
