"""Manage a site's external moderator, and take its answers through the API."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.db import transaction

from comments.models import Comment, Site
from comments.privacy import email_addresses
from moderation.decisions import audit
from moderation.models import Actor, AuditAction, ExternalModerator, Inquiry
from moderation.notifications.webhooks import http_client, signatures
from moderation.screening import tasks
from moderation.screening.external import inquiries
from moderation.screening.external.inquiries import ExternalAnswer

ENABLED: Mapping[str, Any] = {
    "disabled_at": None,
    "disabled_because": "",
    "last_error": "",
    "last_error_at": None,
}


class InvalidEndpoint(ValueError):
    """The address is not allowed; the message says why."""


class NoOpenInquiry(Exception):
    """No inquiry about this text is open: it was decided on or changed, or there was none."""

    code = "not-asked"


class ModeratorWithSecret(NamedTuple):
    """An external moderator; where it is new, also its secret, which is not readable later."""

    moderator: ExternalModerator
    secret: str = ""


def check(url: str) -> None:
    """Raise InvalidEndpoint for an address that is not allowed."""
    try:
        http_client.check(url)
    except http_client.Unreachable as error:
        raise InvalidEndpoint(str(error)) from None


@transaction.atomic
def name(
    site: Site,
    *,
    url: str,
    seconds: int,
    hold_unanswered: bool,
    now: datetime,
    by: Actor | None = None,
) -> ModeratorWithSecret:
    """Set the external moderator of a site, or change and enable it. Raises InvalidEndpoint."""
    check(url)
    audit.record(AuditAction.EXTERNAL_SET, site=site, by=by, now=now, detail={"host": _host(url)})
    fields = {"url": url, "seconds": seconds, "hold_unanswered": hold_unanswered}
    existing = ExternalModerator.objects.select_for_update().filter(site=site)
    if existing.update(**fields, **ENABLED):
        return ModeratorWithSecret(existing.get())
    secret = signatures.new_secret()
    moderator = ExternalModerator.objects.create(
        site=site, secret=email_addresses.encrypt(secret), created_at=now, **fields
    )
    return ModeratorWithSecret(moderator, secret)


@transaction.atomic
def rotate(moderator: ExternalModerator, *, now: datetime, by: Actor | None = None) -> str:
    """Return a new secret; the former one signs, too, for a day."""
    act, detail = AuditAction.EXTERNAL_SET, {"changed": ["secret"]}
    audit.record(act, site=moderator.site, by=by, now=now, detail=detail)
    return signatures.rotate(moderator, now=now)


@transaction.atomic
def remove(moderator: ExternalModerator, *, now: datetime, by: Actor | None = None) -> None:
    """Remove the external moderator, and resume the screenings that wait for it."""
    detail = {"host": _host(moderator.url)}
    audit.record(AuditAction.EXTERNAL_REMOVED, site=moderator.site, by=by, now=now, detail=detail)
    inquiries.release(moderator)
    moderator.delete()
    tasks.enqueue_sweep()


@transaction.atomic
def answer(
    comment: Comment,
    given: ExternalAnswer,
    *,
    revision: int,
    now: datetime,
    by: Actor | None = None,
) -> None:
    """Store the answer about a revision of a comment; idempotent. Raises NoOpenInquiry."""
    rows = Inquiry.objects.select_for_update(of=("self",))
    inquiry = rows.filter(screening__comment=comment, revision=revision).first()
    if inquiry is None:
        raise NoOpenInquiry(
            "Nobody waits for an answer about this text: it is decided, or changed."
        )
    if inquiries.record(inquiry, given):
        act, detail = AuditAction.EXTERNAL_ANSWERED, {"opinion": given.opinion}
        audit.record(act, site=comment.site, by=by, now=now, subject=comment.pk, detail=detail)
        tasks.enqueue_screening(comment.pk)
    elif inquiry.opinion != given.opinion:
        raise NoOpenInquiry("Another answer was given before.")


def _host(url: str) -> str:
    """Return the host of an address; the rest of it may be a secret."""
    return urlsplit(url).hostname or ""
