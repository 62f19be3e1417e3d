"""Who wrote a comment: the author of an email address, and what proves that it is theirs."""

from collections.abc import Sequence
from datetime import datetime

from comments.models import Author, Comment, Site, Status
from comments.models.insertion import Insertion
from comments.privacy import email_addresses
from moderation.intake.submission import Submission


def is_verified(submission: Submission, author: Author) -> bool:
    """Return whether the email address is known to be the writer's own.

    The site says so, or the same browser sent a comment that was confirmed by mail.
    """
    if submission.verified or not submission.own_comments:
        return submission.verified
    confirmed = Comment.objects.filter(author=author, author_verified=True)
    return confirmed.filter(pk__in=submission.own_comments).exists()


def identity(submission: Submission, author: Author | None) -> dict[str, bool]:
    """Return by what the writer is known, beside an address, which anybody can type.

    `signed_on`: the site vouches. `returning`: the browser wrote an approved comment of the author.
    """
    known = {"signed_on": submission.verified}
    if author and submission.own_comments:
        approved = Comment.objects.filter(author=author, status=Status.APPROVED)
        known["returning"] = approved.filter(pk__in=submission.own_comments).exists()
    return {name: True for name, is_so in known.items() if is_so}


def author_of(
    submission: Submission, *, site: Site, known: Author | None, careful: bool, now: datetime
) -> tuple[Author | None, Sequence[Insertion]]:
    """Return the author with this email address, and the row to store where it is new.

    `known` is the one that was found, if any. With `careful`, a new one is stored here, unless a
    concurrent request did so meanwhile.
    """
    if not submission.author_email:
        return None, ()
    if not known:
        new = _new(submission, site, now=now)
        if not careful:
            return new, [Insertion(new)]
        known = Author.objects.store_or_get(new)
    _update(known, submission, now=now)
    return known, ()


def _new(submission: Submission, site: Site, *, now: datetime) -> Author:
    return Author(
        site=site,
        # Digested with the newest of the keys.
        email_digest=email_addresses.email_digests(submission.author_email)[0],
        email_encrypted=email_addresses.encrypt(submission.author_email),
        name=submission.author_name,
        first_seen_at=now,
        verified_at=now if submission.verified else None,
    )


def _update(author: Author, submission: Submission, *, now: datetime) -> None:
    """Keep the latest name, and when the address was first proved."""
    if submission.verified and author.verified_at is None:
        author.verified_at = now
        author.save(update_fields=["verified_at"])
    if author.name != submission.author_name:
        Author.objects.filter(pk=author.pk).update(name=submission.author_name)
