"""External moderators: a site names an endpoint to be asked about each comment; it answers."""

from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from comments.models import Comment, Site
from comments.privacy import email_addresses
from moderation.models import ExternalModerator, Inquiry
from moderation.notifications.webhooks import http_client, signatures
from moderation.screening import tasks
from moderation.screening.external import inquiries
from moderation.screening.external.inquiries import ExternalAnswer


class InvalidEndpoint(ValueError):
    """The address may not be asked; the message says why."""


class NoOpenInquiry(Exception):
    """Nobody waits for an answer about this text: it was decided on, changed, or never asked."""

    code = "not-asked"


class ModeratorWithSecret(NamedTuple):
    """An external moderator, and its secret where it is new: it can't be shown again."""

    moderator: ExternalModerator
    secret: str = ""


def check(url: str) -> None:
    """Raise BadEndpoint for an address that may not be asked."""
    try:
        http_client.check(url)
    except http_client.Unreachable as error:
        raise InvalidEndpoint(str(error)) from None


@transaction.atomic
def name(
    site: Site, *, url: str, seconds: int, hold_unanswered: bool, now: datetime
) -> ModeratorWithSecret:
    """Have an endpoint asked about each comment of a site, in place of what was. BadEndpoint."""
    check(url)
    wanted = {"url": url, "seconds": seconds, "hold_unanswered": hold_unanswered}
    there = ExternalModerator.objects.select_for_update().filter(site=site)
    if there.update(**wanted, disabled_at=None, last_error="", last_error_at=None):
        return ModeratorWithSecret(there.get())
    secret = signatures.new_secret()
    moderator = ExternalModerator.objects.create(
        site=site, secret=email_addresses.encrypt(secret), created_at=now, **wanted
    )
    return ModeratorWithSecret(moderator, secret)


@transaction.atomic
def rotate(moderator: ExternalModerator, *, now: datetime) -> str:
    """Return a new secret; the former one signs, too, for a day."""
    moderator = ExternalModerator.objects.select_for_update().get(pk=moderator.pk)
    secret = signatures.renew(moderator, now=now)
    moderator.save(update_fields=["secret", "former_secret", "former_until"])
    return secret


@transaction.atomic
def remove(moderator: ExternalModerator) -> None:
    """Ask nobody any more; comments that waited go on without an answer."""
    inquiries.release(moderator)
    moderator.delete()
    tasks.enqueue_sweep()


@transaction.atomic
def answer(comment: Comment, told: ExternalAnswer, *, revision: int) -> None:
    """Take the answer about a revision of a comment; the same one again changes nothing.

    Raises NoOpenInquiry.
    """
    asked = Inquiry.objects.select_for_update(of=("self",)).filter(
        screening__comment=comment, revision=revision
    )
    inquiry = asked.first()
    if inquiry is None:
        raise NoOpenInquiry(
            "Nobody waits for an answer about this text: it is decided, or changed."
        )
    if inquiries.record(inquiry, told):
        tasks.enqueue_screening(comment.pk)
    elif inquiry.opinion != told.opinion:
        raise NoOpenInquiry("Another answer was given before.")
