"""Create threads, move them to another URL, and merge them."""

from datetime import datetime

from django.db import IntegrityError, transaction

from comments.models import Comment, Site, Subscription, Thread
from comments.models.thread import canonical, digest


class ThreadExists(Exception):
    """Another thread has that URL; merge the two."""

    code = "thread-exists"


def get_or_create_thread(site: Site, *, key: str, url: str, title: str, now: datetime) -> Thread:
    """Return the thread of a page, created if missing; `key` or else `url` identifies it."""
    name = canonical(key or url)
    thread, _ = Thread.objects.get_or_create(
        site=site,
        key_digest=digest(name),
        defaults={
            "key": name,
            "url": canonical(url) if url else "",
            "title": title,
            "created_at": now,
        },
    )
    thread.site = site  # which is at hand, and need not be looked up
    return thread


def move(thread: Thread, *, url: str) -> Thread:
    """Change a thread's URL, and its key, too, where that was the old URL. Raises ThreadExists."""
    new_url = canonical(url)
    if thread.key == thread.url:
        thread.key, thread.key_digest = new_url, digest(new_url)
    thread.url = new_url
    try:
        with transaction.atomic():
            thread.save(update_fields=["key", "key_digest", "url"])
            Thread.objects.touch([thread.pk])
    except IntegrityError:
        raise ThreadExists("Another thread has that address: merge this one into it.") from None
    return thread


@transaction.atomic
def merge(thread: Thread, *, into: Thread) -> Thread:
    """Move all comments of a thread, whatever their status, into another one, and delete it.

    Replies keep their parents.
    """
    if thread.pk != into.pk:
        Comment.objects.filter(thread=thread).update(thread=into)
        Thread.objects.touch([into.pk])
        _move_subscriptions(thread, into)
        thread.delete()
    return into


def _move_subscriptions(thread: Thread, into: Thread) -> None:
    """Move subscriptions without duplicating those of subscribers of both threads."""
    already_subscribed = Subscription.objects.filter(thread=into, comment=None).values("subscriber")
    subscriptions = Subscription.objects.filter(thread=thread)
    subscriptions.filter(comment=None, subscriber__in=already_subscribed).delete()
    subscriptions.update(thread=into)
