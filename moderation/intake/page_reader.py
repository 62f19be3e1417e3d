"""Ask a site's own page once what it is called and where it is, where the site's owner allows it.

What the page says counts above what readers' browsers say of it, and below what the site's own
server says. Only addresses under the site's origins are asked, and only for threads with a public
comment: strangers can't have us fetch pages.
"""

import codecs
from datetime import datetime
from time import monotonic
from urllib.parse import urljoin

import re2
from django.db import transaction
from django.db.models import Exists, OuterRef

from comments.models import Comment, Status, Thread
from comments.models.thread import LONGEST_NAME, LONGEST_TITLE
from comments.text.page_head import PageHead, read_head
from comments.text.visible import is_visible
from moderation.notifications.webhooks import http_client
from moderation.notifications.webhooks.http_client import Response, Unreachable

# Pages that are read in one run, the seconds that each may take with its redirects, and these.
BATCH, SECONDS, MOST_REDIRECTS = 20, 10.0, 3
REDIRECTS = (301, 302, 303, 307, 308)
_HTML = re2.compile(r"(?i)\s*(?:text/html|application/xhtml\+xml)\s*(?:;|$)")
_CHARSET = re2.compile(r"""(?i)charset\s*=\s*["']?\s*([\w.:-]+)""")


def read_due(*, now: datetime) -> int:
    """Read the pages of a batch of threads that were never read; return how many.

    A page that can't be read is not asked again: comments name it as they do where no page is read.
    """
    threads = _due()
    for thread in threads:
        # First, so that a page on which a worker dies is not asked again and again.
        Thread.objects.filter(pk=thread.pk).update(page_read_at=now)
        if head := fetch_head(thread):
            _name_by_page(thread, head)
    return len(threads)


def fetch_head(thread: Thread) -> PageHead | None:
    """Return what a thread's page says of itself; None where it can't be read."""
    url, until = thread.url, monotonic() + SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        left = until - monotonic()
        if left <= 0 or not thread.site.owns(url):
            return None
        try:
            response = http_client.send("GET", url, timeout=left)
        except Unreachable:
            return None
        if response.status not in REDIRECTS:
            return _head(response)
        url = thread.site.page_url(urljoin(url, response.headers.get("location", "")))
    return None


def _due() -> list[Thread]:
    public = Comment.objects.filter(thread=OuterRef("pk"), status=Status.APPROVED)
    threads = Thread.objects.filter(
        Exists(public), site__read_pages=True, page_read_at=None, named_by_site=False
    )
    return list(threads.exclude(url="").select_related("site").order_by("pk")[:BATCH])


def _head(response: Response) -> PageHead | None:
    kind = response.headers.get("content-type", "")
    if response.status != 200 or not _HTML.match(kind):
        return None
    return read_head(response.body.decode(_charset(kind, response.body), "replace"))


def _charset(kind: str, body: bytes) -> str:
    """Return the encoding that the header or the first bytes of a page name; else UTF-8."""
    found = _CHARSET.search(kind) or _CHARSET.search(body[:1024].decode("latin-1"))
    try:
        codec = codecs.lookup(found[1] if found else "utf-8")
    except LookupError:
        return "utf-8"
    # Some codecs of Python decode no text: `zlib`, `rot13`.
    return codec.name if getattr(codec, "_is_text_encoding", False) else "utf-8"


@transaction.atomic
def _name_by_page(thread: Thread, head: PageHead) -> None:
    """Set what the page says of itself, unless the site's server has said so meanwhile."""
    canonical = thread.site.page_url(urljoin(thread.url, head.canonical)) if head.canonical else ""
    new = {
        "title": head.title[:LONGEST_TITLE] if is_visible(head.title) else "",
        "url": canonical if thread.site.owns(canonical) and len(canonical) <= LONGEST_NAME else "",
        "section": head.section,
    }
    if new := {field: value for field, value in new.items() if value}:
        Thread.objects.filter(pk=thread.pk, named_by_site=False).update(named_by_page=True, **new)
