"""Subscribe to replies by mail, confirm, and unsubscribe.

A typed address gets no notification before its owner has confirmed it, once for each site (double
opt-in).
"""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Author, Comment, Frequency, Subscriber, Subscription

MOST_OF_AN_AUTHOR, MOST_OF_A_THREAD = 500, 10_000


class SubscriptionChoice(StrEnum):
    """What to notify an author of: nothing, replies to the comment, or the whole thread."""

    NOTHING = ""
    REPLIES = "replies"
    THREAD = "thread"


class NoRoom(Exception):
    """There are as many subscriptions as there may be; the message says whose."""


@transaction.atomic
def subscribe(
    comment: Comment, choice: SubscriptionChoice, *, language: str, now: datetime
) -> None:
    """Subscribe the author of a comment as chosen.

    An author whose address is verified has confirmed the subscription by that. Raises NoRoom.
    """
    if comment.author is None or choice is SubscriptionChoice.NOTHING:
        return
    subscriber, _new = Subscriber.objects.get_or_create(
        author=comment.author, defaults={"language": language, "asked_at": now}
    )
    _require_room(subscriber, comment)
    Subscription.objects.get_or_create(
        subscriber=subscriber,
        thread_id=comment.thread_id,
        comment=comment if choice is SubscriptionChoice.REPLIES else None,
        defaults={"created_at": now},
    )
    if comment.author_verified:
        confirm(comment.author, now=now)


def _require_room(subscriber: Subscriber, comment: Comment) -> None:
    own = Subscription.objects.filter(subscriber=subscriber)
    if own[:MOST_OF_AN_AUTHOR].count() >= MOST_OF_AN_AUTHOR:
        raise NoRoom(_("You follow a great many replies here: end some of them first, by a mail."))
    others = Subscription.objects.filter(thread=comment.thread_id)
    if others[:MOST_OF_A_THREAD].count() >= MOST_OF_A_THREAD:
        raise NoRoom(_("This page has as many followers as it may have: post without mail."))


def confirm(author: Author, *, now: datetime) -> None:
    """Confirm an author's subscriptions at a site."""
    Subscriber.objects.filter(author=author, confirmed_at=None).update(confirmed_at=now)


def unsubscribe(subscriber: Subscriber, subscription: Subscription | None = None) -> None:
    """Delete one subscription, or all of a subscriber, with their pending notifications."""
    subscriptions = subscriber.subscriptions.all()
    (subscriptions.filter(pk=subscription.pk) if subscription else subscriptions).delete()


def set_frequency(subscriber: Subscriber, frequency: Frequency) -> None:
    """Set whether to notify a subscriber at once or once a day at most."""
    subscriber.frequency = frequency
    subscriber.save(update_fields=["frequency"])
