"""Signed links to private pages: whoever has the URL may open the page.

Each link is signed for one purpose, and its token holds the ids of what it is about. They are sent
by mail and in the response to a new comment; nothing is stored for them. All of them expire.
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
from comments.privacy.tokens import AUTHORS_TIME


class Purpose(StrEnum):
    """The purpose of a signed link, and the path of its page."""

    STATUS = "status"
    CONFIRM = "email/confirm"
    PERSON = "email/person"
    UNSUBSCRIBE = "email/unsubscribe"


# How long a link works, from when it was made.
MAX_AGE: Mapping[Purpose, timedelta] = {
    Purpose.STATUS: AUTHORS_TIME,
    Purpose.CONFIRM: timedelta(days=30),
    Purpose.PERSON: timedelta(days=1),
    # Each mail has a new one, and people keep mails.
    Purpose.UNSUBSCRIBE: timedelta(days=366),
}


class LinkExpired(Exception):
    """The link is genuine, and its time is over."""


def status_url(comment: Comment) -> str:
    """Return the URL where an author follows a comment, edits or deletes it, and appeals."""
    return _signed_url(Purpose.STATUS, comment.pk)


def comment_url(comment: Comment) -> str:
    """Return the public URL of a comment: on the site's page, or else on our own."""
    thread = comment.thread
    if thread.url and comment.site.owns(thread.url):
        return f"{thread.url}#comment-{comment.pk}"
    query = urlencode({"key": thread.key, "around": comment.pk})
    page = f"{settings.PUBLIC_URL}/sites/{comment.site.slug}/thread?{query}"
    return f"{page}#comment-{comment.pk}"


def confirmation_url(author: Author) -> str:
    """Return the URL where the owner of an email address confirms it."""
    return _signed_url(Purpose.CONFIRM, author.pk)


def data_request_url(author: Author) -> str:
    """Return the URL where a person exports or erases all data under an email address."""
    return _signed_url(Purpose.PERSON, author.pk)


def unsubscribe_url(subscriber: Subscriber, subscription: Subscription | None = None) -> str:
    """Return the URL that ends one subscription, or all subscriptions at a site."""
    ids = [subscriber.pk, subscription.pk] if subscription else [subscriber.pk]
    return _signed_url(Purpose.UNSUBSCRIBE, *ids)


def read_token(purpose: Purpose, token: str) -> list[UUID]:
    """Return the ids in a link's token; [] when it is forged. Raises LinkExpired."""
    try:
        payload = _signer(purpose).unsign(token, max_age=MAX_AGE[purpose])
        data = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    except signing.SignatureExpired:
        raise LinkExpired(purpose) from None
    except (signing.BadSignature, ValueError):
        return []
    return [UUID(bytes=data[start : start + 16]) for start in range(0, len(data), 16)]


def _signed_url(purpose: Purpose, *ids: UUID) -> str:
    payload = base64.urlsafe_b64encode(b"".join(pk.bytes for pk in ids)).decode().rstrip("=")
    return f"{settings.PUBLIC_URL}/{purpose}/{_signer(purpose).sign(payload)}"


def _signer(purpose: Purpose) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"leave-a-reply.{purpose}")
