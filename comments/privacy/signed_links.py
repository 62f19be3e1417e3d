"""Links: addresses of pages that only who was given them can open.

Each is signed for one purpose, and names what it is about. They stand in mails and in the answer to
a comment; nothing is stored for them.
"""

import base64
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing

from comments.models import Author, Comment, Subscription
from comments.models.subscription import Subscriber


class Purpose(StrEnum):
    """What a link is for; the place of its page."""

    STATUS = "status"
    CONFIRM = "email/confirm"
    PERSON = "email/person"
    UNSUBSCRIBE = "email/unsubscribe"


# Others last as long as what they are about.
LASTS: Mapping[Purpose, timedelta] = {
    Purpose.CONFIRM: timedelta(days=30),
    Purpose.PERSON: timedelta(days=1),
}


def to_status(comment: Comment) -> str:
    """Return the address at which an author follows a comment, changes it and appeals."""
    return _link(Purpose.STATUS, comment.pk)


def to_comment(comment: Comment) -> str:
    """Return where anybody reads a public comment: on the site's page, or on ours."""
    thread = comment.thread
    if thread.url and comment.site.owns(thread.url):
        return f"{thread.url}#comment-{comment.pk}"
    query = urlencode({"key": thread.key, "around": comment.pk})
    page = f"{settings.PUBLIC_URL}/sites/{comment.site.slug}/thread?{query}"
    return f"{page}#comment-{comment.pk}"


def to_confirm(author: Author) -> str:
    """Return the address at which somebody says that an email address is theirs."""
    return _link(Purpose.CONFIRM, author.pk)


def to_person(author: Author) -> str:
    """Return the address at which somebody has all under an email address handed out or erased."""
    return _link(Purpose.PERSON, author.pk)


def to_unsubscribe(subscriber: Subscriber, subscription: Subscription | None = None) -> str:
    """Return the address at which somebody ends one subscription, or all at a site."""
    ids = [subscriber.pk, subscription.pk] if subscription else [subscriber.pk]
    return _link(Purpose.UNSUBSCRIBE, *ids)


def read(purpose: Purpose, token: str) -> list[UUID]:
    """Return what a link's token names; [] when it is not genuine, or over."""
    try:
        raw = _signer(purpose).unsign(token, max_age=LASTS.get(purpose))
        data = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
    except (signing.BadSignature, ValueError):
        return []
    return [UUID(bytes=data[start : start + 16]) for start in range(0, len(data), 16)]


def _link(purpose: Purpose, *ids: UUID) -> str:
    raw = base64.urlsafe_b64encode(b"".join(pk.bytes for pk in ids)).decode().rstrip("=")
    return f"{settings.PUBLIC_URL}/{purpose}/{_signer(purpose).sign(raw)}"


def _signer(purpose: Purpose) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"leave-a-reply.{purpose}")
