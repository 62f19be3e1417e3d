"""Finds what is known of an author: a first comment, or somebody to trust or to watch."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from comments.models import Author, Comment, Status, Trust
from comments.models.author import AuthorRecord
from moderation.models import Finding
from moderation.rules.verdicts import ConfirmEmail, Reason, Rules
from moderation.screening.contract import ScreeningSubject

# In the evidence: whether the writer had shown that the address is theirs.
VERIFIED = "verified"


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield FIRST_COMMENT, KNOWN_, TRUSTED_ or WATCHED_AUTHOR, with the author's record.

    Anybody can type anybody's address: trust is for writers who have shown that it is theirs, and
    rests on what they wrote so, or on what a moderator said of them.
    """
    comments = [subject.comment for subject in batch if _is_known(subject.comment)]
    shown = Author.objects.records(_authors(comments, verified=True), verified=True)
    typed = Author.objects.records(_authors(comments, verified=False))
    for subject in batch:
        is_verified = subject.comment.author_verified
        author = subject.comment.author_id
        record = (shown if is_verified else typed).get(author, {}) if author else {}
        evidence = {**record, **said_of(subject.comment.author), VERIFIED: is_verified}
        reason = reason_for(evidence, rules=subject.rules)
        yield subject, Finding(check_name="author", reason=reason, evidence=evidence)


def _is_known(comment: Comment) -> bool:
    """Tell whether the author may have a record: that of a draft may be nobody yet."""
    if comment.author_id is None:
        return False
    return not (comment._state.adding and comment.author and comment.author._state.adding)


def reason_for(evidence: AuthorRecord, *, rules: Rules) -> Reason:
    """Return what a record says of an author, and whether the writer has shown to be it.

    Where a site asks for addresses to be confirmed, one that was only typed is nobody's.
    """
    approved = evidence.get(Status.APPROVED, 0)
    is_verified = evidence.get(VERIFIED, False)
    if evidence.get(Trust.WATCHED):
        return Reason.WATCHED_AUTHOR
    if evidence.get(Trust.TRUSTED) and is_verified:
        return Reason.TRUSTED_AUTHOR
    if not approved or (rules.confirm_email != ConfirmEmail.NEVER and not is_verified):
        return Reason.FIRST_COMMENT
    refused = evidence.get(Status.REJECTED, 0) + evidence.get(Status.SPAM, 0)
    trusted = is_verified and approved >= rules.trust_after and not refused
    return Reason.TRUSTED_AUTHOR if trusted else Reason.KNOWN_AUTHOR


def said_of(author: Author | None) -> AuthorRecord:
    """Return what a moderator said of an author, to be kept with the record."""
    return {author.trust: True} if author and author.trust != Trust.BY_RECORD else {}


def _authors(comments: Iterable[Comment], *, verified: bool) -> set[UUID]:
    return {c.author_id for c in comments if c.author_id and c.author_verified == verified}
