"""Show an author's address once, on the page after the click that asked for it."""

from uuid import UUID

from cryptography.fernet import InvalidToken
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from comments.models import Author
from comments.privacy import email_addresses
from moderation.notifications import disclosure
from moderation.web.desk.base.permissions import user_of

UNREADABLE = gettext_lazy("It can't be read any more.")


def reveal(request: HttpRequest, author: Author, *, shown_at: UUID) -> None:
    """Read an author's address, with its audit entry, for the page of this id to show it.

    Sessions are stored, so it is encrypted there.
    """
    address = disclosure.reveal(author, by=user_of(request), now=timezone.now())
    sealed = email_addresses.encrypt(address or str(UNREADABLE))
    request.session["reveal"] = [str(shown_at), sealed]


def revealed(request: HttpRequest, *, shown_at: UUID) -> str:
    """Return the address that was read for this page, once; else ""."""
    page, sealed = request.session.get("reveal") or ("", "")
    if page != str(shown_at):
        return ""
    del request.session["reveal"]
    try:
        return email_addresses.decrypt(sealed)
    except InvalidToken:
        return str(UNREADABLE)
