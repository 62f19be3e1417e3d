"""Import the JSON of Hyvor Talk: its export, or the comments that its API returns."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from comments.formats import editor_document, markup, records, text, times
from comments.formats.files import ImportFile
from comments.formats.items import ImportedComment, ImportedThread, Item
from comments.formats.json_values import values
from comments.formats.records import Entry
from comments.status import Status

STATUSES = {
    "": Status.APPROVED,
    "published": Status.APPROVED,
    "approved": Status.APPROVED,
    **dict.fromkeys(("pending", "flagged", "unapproved", "hidden"), Status.HELD),
    "spam": Status.SPAM,
    "deleted": Status.DELETED,
    "trash": Status.DELETED,
}

# How a document of its editor begins, within JSON or as a text of it.
DOCUMENT = re.compile(rb'type\\?"\s{0,3}:\s{0,3}\\?"doc\\?"')


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of comments of Hyvor Talk."""
    names = (b'"page_identifier"', b'"identifier"', b'"page_id"', b'"htid"')
    is_comment = b'"body_html"' in head or bool(DOCUMENT.search(head))
    return is_comment and any(name in head for name in names)


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments. Raises UnreadableFile."""
    pages = {} if source.head().lstrip().startswith(b"[") else _pages(source)
    located = records.located(records.documents(source, "comments.item"), "id")
    yield from records.items(located, lambda row: _entry(row, pages, source))


def _pages(source: ImportFile) -> dict[str, Any]:
    with source.open() as stream:
        found = values(stream, "pages.item")
        return {str(row.get("id")): row for row in found if isinstance(row, dict)}


def _entry(row: Mapping[str, Any], pages: Mapping[str, Any], source: ImportFile) -> Entry:
    page = _page(row, pages, source)
    status = records.status(STATUSES, records.string(row, "status").lower())
    deleted = status is Status.DELETED
    body = "" if deleted else _body(row)
    if not body and not deleted:
        raise ValueError("it has no text")
    user = {} if deleted else records.child(row, "user") or row
    comment = ImportedComment(
        source_id=str(row["id"]),
        page=page.key,
        parent=records.string(row, "parent_id"),
        created_at=times.moment(row["created_at"]),
        edited_at=times.optional_moment(row.get("edited_at")),
        body=body,
        status=status,
        author_name=text.plain_text(records.string(user, "name", "user_name", "guest_name")),
        author_email=text.email_address(records.string(user, "email", "user_email", "guest_email")),
        author_url=text.http_url(records.string(user, "website_url")),
        address="" if deleted else records.string(row, "ip"),
    )
    return page, comment


def _page(row: Mapping[str, Any], pages: Mapping[str, Any], source: ImportFile) -> ImportedThread:
    found = records.child(row, "page") or pages.get(records.string(row, "page_id")) or row
    url = source.absolute_url(records.string(found, "url", "page_url"))
    return ImportedThread(
        key=url or records.string(found, "identifier", "page_identifier"),
        url=text.http_url(url),
        title=text.plain_text(records.string(found, "title", "page_title")),
        created_at=times.optional_moment(found.get("created_at")),
        closed_at=text.EPOCH if records.yes(found.get("is_closed")) else None,
    )


def _body(row: Mapping[str, Any]) -> str:
    """Return a text, which an export has as a document of its editor, and the API as HTML, too."""
    html = records.string(row, "body_html") or editor_document.to_html(row.get("body"))
    return markup.from_html(html) if html else markup.from_text(records.string(row, "body"))
