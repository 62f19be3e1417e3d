"""Threads: opened before the first comment, closed, moved with their page, merged."""

from datetime import datetime

from django.db import IntegrityError, transaction

from comments.models import Comment, Site, Subscription, Thread
from comments.models.thread import canonical, digest


class ThreadExists(Exception):
    """There is a thread of that address already; merge the two."""

    code = "thread-exists"


def open_thread(site: Site, *, key: str, url: str, title: str, now: datetime) -> Thread:
    """Return the thread of a page, made if it is not there; `key` or `url` names it."""
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
    """Give a thread its page's new address, and its key too where that was the old address.

    Raises ThreadExists when another thread has that address.
    """
    moved = canonical(url)
    if thread.key == thread.url:
        thread.key, thread.key_digest = moved, digest(moved)
    thread.url = moved
    try:
        with transaction.atomic():
            thread.save(update_fields=["key", "key_digest", "url"])
            Thread.objects.touch([thread.pk])
    except IntegrityError:
        raise ThreadExists("Another thread has that address: merge this one into it.") from None
    return thread


@transaction.atomic
def merge(thread: Thread, *, into: Thread) -> Thread:
    """Move a thread's comments, whatever their status, to another one of the site, and drop it.

    Branches stay whole: replies keep their parents.
    """
    if thread.pk != into.pk:
        Comment.objects.filter(thread=thread).update(thread=into)
        Thread.objects.touch([into.pk])
        _move_subscriptions(thread, into)
        thread.delete()
    return into


def _move_subscriptions(thread: Thread, into: Thread) -> None:
    """Keep everybody subscribed, and nobody twice."""
    there = Subscription.objects.filter(thread=into, comment=None).values("subscriber")
    moved = Subscription.objects.filter(thread=thread)
    moved.filter(comment=None, subscriber__in=there).delete()
    moved.update(thread=into)
