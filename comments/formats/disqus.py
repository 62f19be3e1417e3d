"""Import the XML export of Disqus, plain or gzipped."""

from collections.abc import Iterator
from datetime import datetime
from xml.etree.ElementTree import Element

from comments.formats import text, xml
from comments.formats.files import ImportFile
from comments.formats.items import ImportedComment, ImportedThread, ImportProblem, Item
from comments.models import Status


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a Disqus export."""
    return b"disqus.com" in head and b"<disqus" in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield the threads, then the posts. Raises UnreadableFile.

    Two passes, since a post may stand before its thread in the file.
    """
    pages: dict[str, str] = {}
    for element in xml.elements(source, "thread"):
        thread_id, page = xml.attribute(element, "id"), _page(element)
        # A post names its thread by an element of the same name that has no link in it.
        if page and thread_id:
            pages[thread_id] = page.key
            yield page
    for number, element in enumerate(xml.elements(source, "post"), 1):
        yield _comment(element, pages, location=f"post {xml.attribute(element, 'id') or number}")


def _page(element: Element) -> ImportedThread | None:
    link, key = xml.text(element, "link").strip(), xml.text(element, "id").strip()
    if not link and not key:
        return None
    closed = xml.text(element, "isClosed") == "true"
    created_at = _created_at(element)
    return ImportedThread(
        key=link or key,
        url=text.http_url(link),
        title=text.plain_text(xml.text(element, "title")),
        created_at=created_at,
        closed_at=created_at if closed else None,
    )


def _comment(
    element: Element, pages: dict[str, str], *, location: str
) -> ImportedComment | ImportProblem:
    page = pages.get(xml.attribute(xml.child(element, "thread"), "id"))
    created_at = _created_at(element)
    if page is None:
        return ImportProblem(location, "its thread is not in the file, or has no address")
    if created_at is None:
        return ImportProblem(location, "it has no time")
    status = _status(element)
    body = text.html_to_markdown(xml.text(element, "message"))
    if not body and status is not Status.DELETED:
        return ImportProblem(location, "it has no text")
    author = xml.child(element, "author")
    post_id = xml.attribute(element, "id") or f"{page} {created_at.isoformat()} {body[:50]}"
    return ImportedComment(
        source_id=post_id[:200],
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
    if xml.text(element, "isSpam") == "true":
        return Status.SPAM
    return Status.DELETED if xml.text(element, "isDeleted") == "true" else Status.APPROVED


def _created_at(element: Element) -> datetime | None:
    try:
        return text.parse_time(xml.text(element, "createdAt"))
    except ValueError:
        return None
