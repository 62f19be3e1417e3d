"""Finds what an author's record tells: a first comment, or somebody to trust."""

from collections.abc import Iterator, Sequence

from comments.models import Author, Status
from comments.models.author import Record
from moderation.checks.contract import Subject
from moderation.models import Finding
from moderation.verdicts import Reason


def find(batch: Sequence[Subject]) -> Iterator[tuple[Subject, Finding]]:
    """Yield FIRST_COMMENT or TRUSTED_AUTHOR, with the author's record."""
    authors = {author for subject in batch if (author := subject.comment.author_id)}
    records = Author.objects.records(authors)
    for subject in batch:
        author = subject.comment.author_id
        record = records.get(author, {}) if author else {}
        if reason := _reason(record, trust_after=subject.rules.trust_after):
            yield subject, Finding(check_name="author", reason=reason, evidence=dict(record))


def _reason(record: Record, *, trust_after: int) -> Reason | None:
    approved = record.get(Status.APPROVED, 0)
    if not approved:
        return Reason.FIRST_COMMENT
    refused = record.get(Status.REJECTED, 0) + record.get(Status.SPAM, 0)
    return Reason.TRUSTED_AUTHOR if approved >= trust_after and not refused else None
