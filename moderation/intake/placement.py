"""Find where a comment belongs: the thread of its page, which may be new, and the parent."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from comments.http import rate_limits
from comments.models import Comment, Site, Thread
from comments.threads.threads import PageReference, find_or_create_thread, name_by_site
from moderation.intake.refusals import PageForeign, ParentUnknown, TooDeep, TooManyThreads

# Threads a minute that readers of a site may begin, all of them together.
NEW_THREADS = 60


def thread_of(
    page: PageReference, known: Thread | None, *, site: Site, vouched: bool, now: datetime
) -> Thread:
    """Return the thread of a page, `known` or new.

    A page that the site's own server vouches for may be anywhere, takes its name from the server,
    and counts towards no limit. Raises PageForeign, TooManyThreads.
    """
    if (
        not vouched
        and not known
        and _is_foreign(page, site)
        and not Thread.objects.find(site, page.url)
    ):
        raise PageForeign(
            _("This page is not among those of %(site)s: please tell its owner.") % {"site": site}
        )
    thread, is_new = (known, False) if known else find_or_create_thread(site, page, now=now)
    if vouched:
        name_by_site(thread, page)
    elif is_new:
        _limit_new_threads(site, now=now)
    return thread


def _limit_new_threads(site: Site, *, now: datetime) -> None:
    """Raise TooManyThreads when readers began too many just now."""
    usage = rate_limits.use(f"threads {site.pk}", now=now.timestamp(), limit=NEW_THREADS)
    if not usage.allowed:
        raise TooManyThreads(
            _("Many new pages got comments just now. Try again in a minute."),
            retry_after=usage.reset,
        )


def _is_foreign(page: PageReference, site: Site) -> bool:
    return not page.key and bool(site.origins) and not site.owns(site.page_url(page.url))


def parent_of(parent_id: UUID | None, thread: Thread) -> Comment | None:
    """Return the comment to reply to. Raises ParentUnknown, TooDeep."""
    if parent_id is None:
        return None
    parent = Comment.objects.public().filter(pk=parent_id, thread=thread).first()
    if parent is None:
        raise ParentUnknown(_("There is no such comment on this page to reply to."))
    if parent.depth >= thread.site.max_depth:
        depth = {"depth": thread.site.max_depth}
        raise TooDeep(_("Replies go %(depth)s deep here: reply one level up.") % depth)
    return parent
