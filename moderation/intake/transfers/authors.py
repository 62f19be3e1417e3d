"""Find or create the authors of imported comments."""

from collections.abc import Sequence

from comments.formats.items import ImportedComment
from comments.models import Author, Site
from comments.privacy import email_addresses


def authors_of(items: Sequence[ImportedComment], site: Site) -> dict[str, Author]:
    """Return the authors by normalised email address; unknown ones are created."""
    first: dict[str, ImportedComment] = {}
    for item in sorted(items, key=lambda item: item.created_at):
        if item.author_email:
            first.setdefault(email_of(item), item)
    digests = {email: email_addresses.email_digests(email) for email in first}
    known = {
        author.email_digest: author
        for author in Author.objects.filter(
            site=site, email_digest__in=[d for all_of in digests.values() for d in all_of]
        )
    }
    authors: dict[str, Author] = {}
    for email, item in first.items():
        existing = next((known[d] for d in digests[email] if d in known), None)
        authors[email] = existing or Author(
            site=site,
            email_digest=digests[email][0],
            email_encrypted=email_addresses.encrypt(item.author_email.strip()),
            name=item.author_name,
            first_seen_at=item.created_at,
            verified_at=item.verified_at,
        )
    Author.objects.bulk_create([author for author in authors.values() if author._state.adding])
    return authors


def email_of(item: ImportedComment) -> str:
    """Return the normalised email address of a comment's author."""
    return email_addresses.normalise_email(item.author_email)
