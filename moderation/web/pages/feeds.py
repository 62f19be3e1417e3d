"""Feeds: the newest comments of a site or a thread for feed readers (Atom, RFC 4287).

Who answers whom is told by `thr:in-reply-to` (RFC 4685). Ids are tag URIs (RFC 4151), which stay
the same for as long as the comment does.
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

from comments.http import languages
from comments.models import Comment, Site, Thread
from comments.models.thread import canonical, digest
from comments.privacy import signed_links

ENTRIES = 50
THREADING = "http://purl.org/syndication/thread/1.0"
# What XML 1.0 can't hold, however it is written.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class CommentFeed(Atom1Feed):
    """An Atom feed whose entries have their whole text, and say what they answer."""

    def __init__(self, *args: Any, began: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.began = began

    def root_attributes(self) -> dict[str, str]:
        """Return the namespaces and the language."""
        return {**super().root_attributes(), "xmlns:thr": THREADING}

    def latest_post_date(self) -> datetime:
        """Return when the feed changed last: with the newest text, or when it began."""
        moments: list[datetime] = [item["updateddate"] for item in self.items]
        return max(moments, default=self.began)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Add an entry's elements."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})
        handler.addQuickElement("thr:in-reply-to", "", item["answers"])


@require_safe
@conditional_page
@cache_control(public=True, no_cache=True)
def atom(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the newest comments of a site; of one of its pages with `?thread=address or key`."""
    site = get_object_or_404(Site, slug=slug)
    name = canonical(request.GET.get("thread", ""))
    public = Comment.objects.public().filter(site=site)
    if name:
        public = public.filter(thread__in=Thread.objects.named(site, name))
    newest = public.select_related("thread").order_by("-pk")[:ENTRIES]
    with translation.override(languages.asked(request)):
        feed = _feed(site, name)
        for comment in newest:
            comment.site = site
            _add(feed, comment)
        content = feed.writeString("utf-8")
    headers = {"Last-Modified": http_date(feed.latest_post_date().timestamp())}
    return HttpResponse(content, content_type=CommentFeed.content_type, headers=headers)


def _feed(site: Site, name: str) -> CommentFeed:
    thread = Thread.objects.named(site, name).first() if name else None
    title = (thread and thread.title) or name
    here = f"{settings.PUBLIC_URL}/sites/{site.slug}"
    page = f"{here}/thread?{urlencode({'key': name})}"
    home = site.origins[0] if site.origins else settings.PUBLIC_URL
    return CommentFeed(
        title=_clean(f"{title} · {site.name}" if title else site.name),
        link=((thread and thread.url) or page) if name else home,
        description="",
        language=translation.get_language(),
        feed_url=f"{here}/feed.atom?{urlencode({'thread': name})}" if name else f"{here}/feed.atom",
        feed_guid=_thread_tag(site, name) if name else _tag(site, ""),
        began=site.created_at,
    )


def _add(feed: CommentFeed, comment: Comment) -> None:
    name = _clean(comment.author_name) or _("Anonymous")
    feed.add_item(
        title=_("Reply by %(name)s") % {"name": name},
        link=signed_links.comment_url(comment),
        description=None,  # type: ignore[arg-type] # The whole text is there.
        author_name=name,
        author_link=comment.author_url or None,
        pubdate=comment.created_at,
        updateddate=comment.edited_at or comment.created_at,
        unique_id=_comment_tag(comment.site, comment.pk),
        content=_clean(comment.body_html),
        answers=_answers(comment),
    )


def _answers(comment: Comment) -> dict[str, str]:
    """Return what a comment answers, another one or the page, for `thr:in-reply-to`."""
    site, thread = comment.site, comment.thread
    if comment.parent_id:
        return {"ref": _comment_tag(site, comment.parent_id)}
    answers = {"ref": _thread_tag(site, thread.key)}
    return {**answers, "href": thread.url, "type": "text/html"} if thread.url else answers


def _comment_tag(site: Site, pk: object) -> str:
    return _tag(site, f"/comment/{pk}")


def _thread_tag(site: Site, name: str) -> str:
    return _tag(site, f"/thread/{digest(name)[:32]}")


def _tag(site: Site, what: str) -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname
    return f"tag:{host},{site.created_at:%Y-%m-%d}:{site.slug}{what}"


def _clean(text: str) -> str:
    return NOT_IN_XML.sub("", text)
