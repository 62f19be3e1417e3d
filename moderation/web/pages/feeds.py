"""Atom feeds (RFC 4287) of the newest comments of a site or a thread.

`thr:in-reply-to` names a comment's parent (RFC 4685). Ids are tag URIs (RFC 4151), which are stable
for the lifetime of the comment.
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from comments.databases import replica
from comments.http import languages
from comments.models import Comment, Site, Thread
from comments.models.thread import digest
from comments.privacy import signed_links
from comments.text.visible import one_line

ENTRIES = 50
THREADING = "http://purl.org/syndication/thread/1.0"
# Characters that XML 1.0 can't represent, even escaped.
INVALID_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class CommentFeed(Atom1Feed):
    """An Atom feed whose entries have the full text and `thr:in-reply-to`."""

    def __init__(self, *args: Any, created_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.created_at = created_at

    def root_attributes(self) -> dict[str, str]:
        """Return the attributes of the root element, with the namespace of `thr`."""
        return {**super().root_attributes(), "xmlns:thr": THREADING}

    def latest_post_date(self) -> datetime:
        """Return when the newest text changed, or when the site was created if there is none."""
        dates: list[datetime] = [item["updateddate"] for item in self.items]
        return max(dates, default=self.created_at)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Add the full text and the parent to an entry."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})
        handler.addQuickElement("thr:in-reply-to", "", item["in_reply_to"])


@require_safe
@conditional_page
@cache_control(public=True, no_cache=True)
def atom(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the newest comments of a site, or with `?thread=` (a URL or key) of one thread."""
    site = get_object_or_404(Site, slug=slug)
    name = request.GET.get("thread", "").strip()
    thread = Thread.objects.find(site, name) if name else None
    public = Comment.objects.public().filter(site=site)
    if name:
        public = public.filter(thread=thread) if thread else public.none()
    rows = public.select_related("thread").order_by("-pk")[:ENTRIES]
    newest = replica.read_thread(thread, lambda: list(rows))
    with translation.override(languages.preferred(request)):
        feed = _feed(site, thread.key if thread else name, thread)
        for comment in newest:
            comment.site = site
            _add(feed, comment)
        content = feed.writeString("utf-8")
    headers = {"Last-Modified": http_date(feed.latest_post_date().timestamp())}
    return HttpResponse(content, content_type=CommentFeed.content_type, headers=headers)


def _feed(site: Site, name: str, thread: Thread | None) -> CommentFeed:
    title = (thread and thread.title) or one_line(name)
    base = f"{settings.PUBLIC_URL}/sites/{site.slug}"
    page = f"{base}/thread?{urlencode({'key': name})}"
    home = site.origins[0] if site.origins else settings.PUBLIC_URL
    return CommentFeed(
        title=_clean(f"{title} · {site.name}" if title else site.name),
        link=((thread and thread.url) or page) if name else home,
        description="",
        language=translation.get_language(),
        feed_url=f"{base}/feed.atom?{urlencode({'thread': name})}" if name else f"{base}/feed.atom",
        feed_guid=_thread_tag(site, name) if name else _tag(site, ""),
        created_at=site.created_at,
    )


def _add(feed: CommentFeed, comment: Comment) -> None:
    name = _clean(comment.author_name) or _("Anonymous")
    feed.add_item(
        title=_("Reply by %(name)s") % {"name": name},
        link=signed_links.comment_url(comment),
        description=None,  # type: ignore[arg-type] # The content has it in full.
        author_name=name,
        author_link=comment.author_url or None,
        pubdate=comment.created_at,
        updateddate=comment.edited_at or comment.created_at,
        unique_id=_comment_tag(comment.site, comment.pk),
        content=_clean(comment.body_html),
        in_reply_to=_in_reply_to(comment),
    )


def _in_reply_to(comment: Comment) -> dict[str, str]:
    """Return the attributes of `thr:in-reply-to`: the parent, or the page if there is none."""
    site, thread = comment.site, comment.thread
    if comment.parent_id:
        return {"ref": _comment_tag(site, comment.parent_id)}
    page = {"ref": _thread_tag(site, thread.key)}
    return {**page, "href": thread.url, "type": "text/html"} if thread.url else page


def _comment_tag(site: Site, pk: object) -> str:
    return _tag(site, f"/comment/{pk}")


def _thread_tag(site: Site, name: str) -> str:
    return _tag(site, f"/thread/{digest(name)[:32]}")


def _tag(site: Site, path: str) -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname
    return f"tag:{host},{site.created_at:%Y-%m-%d}:{site.slug}{path}"


def _clean(text: str) -> str:
    return INVALID_IN_XML.sub("", text)
