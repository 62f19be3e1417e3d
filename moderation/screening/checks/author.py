"""Find what an author's record says: a first comment, or an author to trust or to watch."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from comments.models import Author, Comment, Status, Trust
from comments.models.author import AuthorRecord
from moderation.models import Finding
from moderation.rules.verdicts import ConfirmEmail, Reason, Rules
from moderation.screening.contract import ScreeningSubject

# In the evidence: whether the email address was verified as the writer's own.
VERIFIED = "verified"
# Likewise, whether the writer's browser wrote an approved comment of the author before.
RETURNING = "returning"


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield FIRST_COMMENT, KNOWN_, TRUSTED_ or WATCHED_AUTHOR, with the author's record.

    Anybody can type anybody's address: only a verified one earns trust, by the comments that were
    written with it verified, or by a moderator.
    """
    comments = [subject.comment for subject in batch if _is_known(subject.comment)]
    verified_records = Author.objects.records(_authors(comments, verified=True), verified=True)
    records = Author.objects.records(_authors(comments, verified=False))
    for subject in batch:
        is_verified = subject.comment.author_verified
        author = subject.comment.author_id
        record = (verified_records if is_verified else records).get(author, {}) if author else {}
        evidence = {
            **record,
            **manual_trust(subject.comment.author),
            VERIFIED: is_verified,
            RETURNING: bool(subject.comment.intake.get(RETURNING)),
        }
        reason = reason_for(evidence, rules=subject.rules)
        yield subject, Finding(check_name="author", reason=reason, evidence=evidence)


def _is_known(comment: Comment) -> bool:
    """Return whether the author is stored and may have a record: that of a draft may be new."""
    if comment.author_id is None:
        return False
    return not (comment._state.adding and comment.author and comment.author._state.adding)


def reason_for(evidence: AuthorRecord, *, rules: Rules) -> Reason:
    """Return the reason that follows from an author's record and verification.

    Where a site holds first comments (in a flood each does) or requires confirmed addresses, an
    address by itself makes nobody known: it needs to be verified or, for the former, typed in the
    browser that wrote one of the author's approved comments.
    """
    approved = evidence.get(Status.APPROVED, 0)
    is_verified = evidence.get(VERIFIED, False)
    if evidence.get(Trust.WATCHED):
        return Reason.WATCHED_AUTHOR
    if evidence.get(Trust.TRUSTED) and is_verified:
        return Reason.TRUSTED_AUTHOR
    is_known = is_verified or evidence.get(RETURNING, False)
    must_be_verified = rules.confirm_email != ConfirmEmail.NEVER and not is_verified
    holds_first = rules.hold_first_comment or rules.in_flood
    if not approved or must_be_verified or (holds_first and not is_known):
        return Reason.FIRST_COMMENT
    refused = evidence.get(Status.REJECTED, 0) + evidence.get(Status.SPAM, 0)
    trusted = is_verified and approved >= rules.trust_after and not refused
    return Reason.TRUSTED_AUTHOR if trusted else Reason.KNOWN_AUTHOR


def manual_trust(author: Author | None) -> AuthorRecord:
    """Return a moderator's trust setting of an author as evidence; {} where the record decides."""
    return {author.trust: True} if author and author.trust != Trust.BY_RECORD else {}


def _authors(comments: Iterable[Comment], *, verified: bool) -> set[UUID]:
    return {c.author_id for c in comments if c.author_id and c.author_verified == verified}
