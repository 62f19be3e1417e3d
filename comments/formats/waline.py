"""Import the JSON export of Waline."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from comments.formats import markup, records, text, times
from comments.formats.files import ImportFile
from comments.formats.items import ImportedComment, ImportedThread, Item
from comments.formats.records import Entry
from comments.status import Status

TYPE = re.compile(rb'"type"\s*+:\s*+"waline"')
STATUSES = {
    "": Status.APPROVED,
    "approved": Status.APPROVED,
    "waiting": Status.HELD,
    "spam": Status.SPAM,
}


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of an export of Waline."""
    return bool(TYPE.search(head))


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments; Waline knows paths, so the file needs its `base_url`.

    Raises UnreadableFile.
    """
    # What its API returns has the export within an object.
    within = "data." if b'"errno"' in source.head() else ""
    found = records.documents(source, f"{within}data.Comment.item")
    located = records.located(found, "objectId", "id")
    yield from records.items(located, lambda row: _entry(row, source))


def _entry(row: Mapping[str, Any], source: ImportFile) -> Entry:
    url = source.absolute_url(str(row["url"]))
    page = ImportedThread(key=url, url=text.http_url(url))
    body = markup.from_markdown(records.string(row, "comment"), allows_html=True)
    if not body:
        raise ValueError("it has no text")
    comment = ImportedComment(
        source_id=str(row.get("objectId") or row["id"]),
        page=page.key,
        parent=records.string(row, "pid", "rid"),
        created_at=times.moment(row.get("insertedAt") or row["createdAt"]),
        body=body,
        status=records.status(STATUSES, records.string(row, "status")),
        author_name=text.plain_text(records.string(row, "nick")),
        author_email=text.email_address(records.string(row, "mail")),
        author_url=text.http_url(records.string(row, "link")),
        address=records.string(row, "ip"),
    )
    return page, comment
