"""Import comments of FastComments, as its API returns them."""

from collections.abc import Iterator, Mapping
from typing import Any

from comments.formats import markup, records, text, times
from comments.formats.files import ImportFile
from comments.formats.items import ImportedComment, ImportedThread, Item
from comments.formats.records import Entry
from comments.status import Status


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of comments of FastComments."""
    return b'"urlId"' in head and b'"commenterName"' in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments. Raises UnreadableFile."""
    rows = _with_children(records.documents(source, "comments.item"), "")
    yield from records.items(records.located(rows, "_id", "id"), lambda row: _entry(row, source))


def _with_children(found: Any, parent: Any) -> Iterator[Any]:
    """Yield comments and those within them, where they were fetched as a tree."""
    for row in found:
        if isinstance(row, dict) and parent:
            row = {"parentId": parent, **row}
        yield row
        children = row.get("children") if isinstance(row, dict) else None
        if isinstance(children, list):
            yield from _with_children(children, row.get("_id") or row.get("id"))


def _entry(row: Mapping[str, Any], source: ImportFile) -> Entry:
    url = source.absolute_url(records.string(row, "url"))
    page = ImportedThread(
        key=url or source.absolute_url(records.string(row, "urlId")),
        url=text.http_url(url),
        title=text.plain_text(records.string(row, "pageTitle")),
    )
    status = _status(row)
    deleted = status is Status.DELETED
    body = "" if deleted else _body(row)
    if not body and not deleted:
        raise ValueError("it has no text")
    comment = ImportedComment(
        source_id=str(row.get("_id") or row["id"]),
        page=page.key,
        parent=records.string(row, "parentId"),
        created_at=times.moment(row["date"]),
        body=body,
        status=status,
        author_name="" if deleted else text.plain_text(records.string(row, "commenterName")),
        author_email="" if deleted else text.email_address(records.string(row, "commenterEmail")),
        author_url="" if deleted else text.http_url(records.string(row, "commenterLink")),
    )
    return page, comment


def _status(row: Mapping[str, Any]) -> Status:
    if records.yes(row.get("isDeleted")):
        return Status.DELETED
    if records.yes(row.get("isSpam")):
        return Status.SPAM
    # Whoever is banned in secret sees their comments, and nobody else does.
    is_shown = records.yes(row.get("approved", True)) and not records.yes(row.get("isBannedUser"))
    return Status.APPROVED if is_shown else Status.HELD


def _body(row: Mapping[str, Any]) -> str:
    html = records.string(row, "commentHTML")
    return markup.from_html(html) if html else markup.from_text(records.string(row, "comment"))
