"""Import Artrans, the JSON in which Artalk exports and imports."""

from collections.abc import Iterator, Mapping
from typing import Any

from comments.formats import markup, records, text, times
from comments.formats.files import ImportFile
from comments.formats.items import ImportedComment, ImportedThread, Item
from comments.formats.records import Entry
from comments.status import Status

NO_PARENT = ("", "0")


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of Artrans."""
    return head.lstrip().startswith(b"[") and b'"page_key"' in head and b'"rid"' in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments. Raises UnreadableFile."""
    located = records.located(records.documents(source), "id")
    yield from records.items(located, lambda row: _entry(row, source))


def _entry(row: Mapping[str, Any], source: ImportFile) -> Entry:
    page = _page(row, source)
    body = markup.from_markdown(records.string(row, "content"), allows_html=True)
    if not body:
        raise ValueError("it has no text")
    parent = records.string(row, "rid")
    comment = ImportedComment(
        source_id=str(row["id"]),
        page=page.key,
        parent="" if parent in NO_PARENT else parent,
        created_at=times.moment(row["created_at"]),
        body=body,
        status=_status(row),
        author_name=text.plain_text(records.string(row, "nick")),
        author_email=text.email_address(records.string(row, "email")),
        author_url=text.http_url(records.string(row, "link")),
        address=records.string(row, "ip"),
    )
    return page, comment


def _status(row: Mapping[str, Any]) -> Status:
    """Return the status: what is folded its readers did not see unless they opened it."""
    is_shown = not records.yes(row.get("is_pending")) and not records.yes(row.get("is_collapsed"))
    return Status.APPROVED if is_shown else Status.HELD


def _page(row: Mapping[str, Any], source: ImportFile) -> ImportedThread:
    """Return the page of a row; a path is one of the site whose addresses the row names."""
    key = source.absolute_url(records.string(row, "page_key"))
    own = records.string(row, "site_urls").split(",")[0].strip().rstrip("/")
    url = f"{own}{key}" if key.startswith("/") and own else key
    return ImportedThread(
        key=url,
        url=text.http_url(url),
        title=text.plain_text(records.string(row, "page_title")),
        # Nobody but its administrators may write there.
        closed_at=text.EPOCH if records.yes(row.get("page_admin_only")) else None,
    )
