"""Import comments of Cusdis: rows of its database as JSON, or what its dashboard's API returns."""

from collections.abc import Iterator, Mapping
from typing import Any

from comments.formats import markup, records, text, times
from comments.formats.files import ImportFile
from comments.formats.items import ImportedComment, ImportedThread, Item
from comments.formats.records import Entry
from comments.status import Status


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of comments of Cusdis."""
    return b'"by_nickname"' in head and head.lstrip()[:1] in (b"{", b"[")


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments. Raises UnreadableFile."""
    rows = _with_replies(records.documents(source, "data.data.item"), {})
    yield from records.items(records.located(rows, "id"), lambda row: _entry(row, source))


def _with_replies(found: Any, above: Mapping[str, Any]) -> Iterator[Any]:
    """Yield comments and their replies, which the API has within them and without their page."""
    for row in found:
        if isinstance(row, dict) and above:
            row = {"page": above.get("page"), **row, "parentId": above.get("id")}
        yield row
        replies = records.child(row, "replies").get("data") if isinstance(row, dict) else None
        if isinstance(replies, list):
            yield from _with_replies(replies, row)


def _entry(row: Mapping[str, Any], source: ImportFile) -> Entry:
    page = _page({**row, **records.child(row, "page")}, source)
    deleted = bool(records.string(row, "deletedAt", "deleted_at"))
    # Its Markdown knows no HTML: tags are shown as they are written, here as there.
    body = "" if deleted else markup.from_markdown(records.string(row, "content"))
    if not body and not deleted:
        raise ValueError("it has no text")
    is_approved = records.yes(row.get("approved"))
    comment = ImportedComment(
        source_id=str(row["id"]),
        page=page.key,
        parent=records.string(row, "parentId", "parent_id"),
        created_at=times.moment(row.get("createdAt") or row["created_at"]),
        body=body,
        status=Status.DELETED if deleted else Status.APPROVED if is_approved else Status.HELD,
        author_name="" if deleted else text.plain_text(records.string(row, "by_nickname")),
        author_email="" if deleted else text.email_address(records.string(row, "by_email")),
    )
    return page, comment


def _page(row: Mapping[str, Any], source: ImportFile) -> ImportedThread:
    url = source.absolute_url(records.string(row, "url"))
    return ImportedThread(
        key=url or records.string(row, "slug"),
        url=text.http_url(url),
        title=text.plain_text(records.string(row, "title")),
    )
