"""Import the XML export of Disqus, plain or gzipped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from urllib.parse import parse_qs, urlsplit

from comments.formats import markup, rows, text, xml
from comments.formats.files import ImportFile
from comments.formats.items import (
    ImportedComment,
    ImportedThread,
    ImportNote,
    ImportProblem,
    ImportSkipped,
    Item,
)
from comments.formats.xml import Element
from comments.status import Status

# A mention in a text, which Disqus shows as the name of the user.
MENTION = re.compile(r"@(\w{1,64}):disqus\b")
# Links of Disqus lead by way of itself: `https://disq.us/url?url=ADDRESS%3ASIGNATURE&cuid=…`.
REDIRECT = re.compile(r"https?://disq\.us/url\?")
SIGNATURE = re.compile(r":[\w-]{20,}$")
# The names of so many users are remembered.
MAX_NAMES = 100_000
NO_THREAD = "its thread is not in the file, or has no address"
DELETED = ImportSkipped("", "its thread is deleted")
# What a thread means for its posts: the key of their page, or why they have none.
Page = str | ImportSkipped | ImportNote


@dataclass
class _Context:
    """What is known of a file after its first pass: pages by thread, and names of users."""

    pages: dict[str, Page] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def remember_name(self, author: Element | None) -> None:
        """Remember the name of a user, by which others mention it."""
        username = xml.text(author, "username").strip()
        if username and len(self.names) < MAX_NAMES:
            self.names[username] = text.plain_text(xml.text(author, "name"))[:100]

    def mention(self, found: re.Match[str]) -> str:
        """Return a mention as HTML that shows the name."""
        return escape(f"@{self.names.get(found[1]) or found[1]}")


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a Disqus export."""
    return b"disqus.com" in head and b"<disqus" in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield the threads, then the posts. Raises UnreadableFile.

    Two passes, since a post may stand before its thread in the file.
    """
    context = _Context()
    pages = context.pages
    threads: dict[str, ImportedThread] = {}
    for element in xml.elements(source, "thread", "post"):
        if xml.local_name(element) == "post":
            context.remember_name(xml.child(element, "author"))
            continue
        thread_id = xml.attribute(element, "id")
        page = rows.guarded_page(f"thread {thread_id}", _page, element, source)
        # A post names its thread by an element of the same name that has no link in it.
        if page and thread_id:
            key = page.key if isinstance(page, ImportedThread) else page
            pages[thread_id] = DELETED if xml.flag(element, "isDeleted") else key
        if isinstance(page, ImportNote):
            yield page
        elif page and pages.get(thread_id) is not DELETED:
            threads[page.key] = _together(threads.get(page.key), page)
    yield from threads.values()
    for number, element in enumerate(xml.elements(source, "post"), 1):
        location = f"post {xml.attribute(element, 'id') or number}"
        yield rows.guarded(location, _post, element, context, location=location)


def _together(first: ImportedThread | None, second: ImportedThread) -> ImportedThread:
    """Return one page for two threads of one address, which Disqus has of many: open if one is."""
    if first is None:
        return second
    closed = (first.closed_at, second.closed_at)
    return replace(first, title=first.title or second.title, closed_at=closed[0] and closed[1])


def _page(element: Element, source: ImportFile) -> ImportedThread | None:
    link, key = xml.text(element, "link").strip(), xml.text(element, "id").strip()
    if not link and not key:
        return None
    created_at = _created_at(element)
    return ImportedThread(
        key=(key if source.options.identifiers else "") or link or key,
        url=text.http_url(link),
        title=text.plain_text(xml.text(element, "title")),
        created_at=created_at,
        closed_at=created_at or text.EPOCH if xml.flag(element, "isClosed") else None,
    )


def _post(
    element: Element, context: _Context, *, location: str
) -> ImportedComment | ImportProblem | ImportSkipped:
    page = context.pages.get(xml.attribute(xml.child(element, "thread"), "id"))
    if page is None:
        return ImportProblem(location, NO_THREAD)
    if isinstance(page, ImportSkipped):
        return ImportSkipped(location, page.reason)
    if isinstance(page, ImportNote):
        return ImportProblem(location, f"its thread: {page.message}")
    html = MENTION.sub(context.mention, xml.text(element, "message"))
    # Without tags for them, line breaks are those of the text.
    newlines = "<br" not in html and "<p" not in html
    body = markup.from_html(html, newlines=newlines, link=_behind)
    return _comment(element, page, body, location=location)


def _behind(href: str) -> str:
    """Return the address to which a link of Disqus leads in the end."""
    if not REDIRECT.match(href):
        return href
    target = parse_qs(urlsplit(href).query).get("url", [""])[0]
    return text.http_url(SIGNATURE.sub("", target)) or href


def _comment(
    element: Element, page: str, body: str, *, location: str
) -> ImportedComment | ImportProblem:
    created_at = _created_at(element)
    if created_at is None:
        return ImportProblem(location, "it has no time")
    status = _status(element)
    if not body and status is not Status.DELETED:
        return ImportProblem(location, "it has no text")
    author = xml.child(element, "author")
    post_id = xml.attribute(element, "id") or f"{page} {created_at.isoformat()} {body[:50]}"
    return ImportedComment(
        source_id=post_id,
        page=page,
        parent=xml.attribute(xml.child(element, "parent"), "id"),
        created_at=created_at,
        body=body,
        status=status,
        author_name=text.plain_text(xml.text(author, "name")),
        author_email=text.email_address(xml.text(author, "email")),
        address=xml.text(element, "ipAddress").strip(),
    )


def _status(element: Element) -> Status:
    if xml.flag(element, "isSpam"):
        return Status.SPAM
    if xml.flag(element, "isDeleted"):
        return Status.DELETED
    # Only old exports say of a post whether it is approved.
    waits = xml.text(element, "isApproved").strip().lower() in ("false", "0")
    return Status.HELD if waits else Status.APPROVED


def _created_at(element: Element) -> datetime | None:
    try:
        return text.parse_time(xml.text(element, "createdAt"))
    except ValueError:
        return None
