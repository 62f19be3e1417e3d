"""Create threads, move them to another URL, and merge them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from comments.models import Comment, Site, Subscription, Thread
from comments.models.page_identity import key_identity, page_identity, without_addresses
from comments.models.thread import LONGEST_TITLE, digest


class ThreadExists(Exception):
    """Another thread has that URL; merge the two."""

    code = "thread-exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReference:
    """A page, by its URL or by the site's own key for it, with what it is called."""

    key: str = ""
    url: str = ""
    title: str = ""


def get_or_create_thread(site: Site, page: PageReference, *, now: datetime) -> Thread:
    """Return the thread of a page, created if missing; the key or else the URL identifies it.

    A new thread has no title, and a URL only where this identifies it: a reader's browser says what
    a page is called, and nothing is shown of that before a comment on it is public. See
    `name_by_site` and `name_by_comments`.
    """
    return find_or_create_thread(site, page, now=now)[0]


def find_or_create_thread(site: Site, page: PageReference, *, now: datetime) -> tuple[Thread, bool]:
    """Return the thread of a page as `get_or_create_thread` does, and whether it is new."""
    key, url = _names(site, page)
    thread, is_new = Thread.objects.get_or_create(
        site=site,
        key_digest=page_digest(site, page),
        defaults={"key": key or url, "url": "" if key else url, "created_at": now},
    )
    thread.site = site  # which is at hand, and need not be looked up
    return thread, is_new


def page_digest(site: Site, page: PageReference) -> str:
    """Return the digest by which the thread of a page is found."""
    key, url = _names(site, page)
    rules = site.page_rules
    return digest(key_identity(key, rules) if key else page_identity(url, rules))


def _names(site: Site, page: PageReference) -> tuple[str, str]:
    """Return the key and the URL of a page as they are stored."""
    return without_addresses(page.key.strip()), site.page_url(page.url)


def name_by_site(thread: Thread, page: PageReference) -> None:
    """Set the URL and title that the site's own server gave: no comment changes them then."""
    new = {"url": thread.site.page_url(page.url), "title": page.title[:LONGEST_TITLE]}
    new = {field: value for field, value in new.items() if value}
    if new and (not thread.named_by_site or new != {f: getattr(thread, f) for f in new}):
        for field, value in {**new, "named_by_site": True}.items():
            setattr(thread, field, value)
        thread.save(update_fields=[*new, "named_by_site"])


def name_by_comments(comments: Iterable[Comment]) -> None:
    """Set the URL and title that pages had when the latest of these public comments was written.

    What the site's own server or the page itself said stays, and so does what a later public
    comment said.
    """
    latest = {
        comment.thread_id: comment
        for comment in sorted(comments, key=lambda comment: comment.created_at)
        if comment.intake.get("page")
    }
    unnamed = Thread.objects.filter(named_by_site=False, named_by_page=False)
    threads = unnamed.select_related("site").in_bulk(latest)
    for pk, thread in threads.items():
        _name(thread, latest[pk])


def _name(thread: Thread, comment: Comment) -> None:
    page = comment.intake["page"]
    url = thread.site.page_url(page.get("url", ""))
    new = {
        "url": url if thread.site.owns(url) else thread.url,
        "title": page.get("title", "")[:LONGEST_TITLE] or thread.title,
        "named_at": comment.created_at,
    }
    if not thread.named_at or thread.named_at < comment.created_at:
        unnamed = Thread.objects.filter(named_by_site=False, named_by_page=False)
        unnamed.filter(pk=thread.pk).update(**new)


def move(thread: Thread, *, url: str) -> Thread:
    """Change a thread's URL, and its key, too, where that was the old URL. Raises ThreadExists."""
    url = thread.site.page_url(url)
    if thread.key == thread.url:
        thread.key, thread.key_digest = url, digest(page_identity(url, thread.site.page_rules))
    thread.url, thread.named_by_site = url, True
    try:
        with transaction.atomic():
            thread.save(update_fields=["key", "key_digest", "url", "named_by_site"])
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
