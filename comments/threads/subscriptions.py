"""Subscribing: who asked for mail about answers, and confirmed it.

An address that was typed gets no mail of this kind before its owner has confirmed it, once for each
site (double opt-in).
"""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from comments.models import Author, Comment, Frequency, Subscriber, Subscription


class SubscriptionChoice(StrEnum):
    """Of what somebody wants to hear: nothing, answers to the own comment, or the whole page."""

    NOTHING = ""
    REPLIES = "replies"
    THREAD = "thread"


@transaction.atomic
def ask(comment: Comment, wish: SubscriptionChoice, *, language: str, now: datetime) -> None:
    """Write down what the author of a comment wants to hear of.

    Whoever wrote it with a verified address has confirmed by that.
    """
    if comment.author is None or wish is SubscriptionChoice.NOTHING:
        return
    subscriber, _ = Subscriber.objects.get_or_create(
        author=comment.author, defaults={"language": language, "asked_at": now}
    )
    Subscription.objects.get_or_create(
        subscriber=subscriber,
        thread_id=comment.thread_id,
        comment=comment if wish is SubscriptionChoice.REPLIES else None,
        defaults={"created_at": now},
    )
    if comment.author_verified:
        confirm(comment.author, now=now)


def confirm(author: Author, *, now: datetime) -> None:
    """Let an author who asked for mail have it."""
    Subscriber.objects.filter(author=author, confirmed_at=None).update(confirmed_at=now)


def end(subscriber: Subscriber, subscription: Subscription | None = None) -> None:
    """End one subscription, or all that somebody has at a site, and what they waited to hear."""
    ended = subscriber.subscriptions.all()
    (ended.filter(pk=subscription.pk) if subscription else ended).delete()


def change(subscriber: Subscriber, frequency: Frequency) -> None:
    """Write to somebody at once, or once a day at most."""
    subscriber.frequency = frequency
    subscriber.save(update_fields=["frequency"])
