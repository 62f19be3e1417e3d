"""Import a table of comments: CSV, with the columns that its owner names or that are recognised."""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from comments.formats import markup, records, text
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment, ImportedThread, Item
from comments.formats.records import Entry
from comments.status import Status

# Fields of a comment, and the names of columns by which each is recognised, without spaces.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "commentid", "_id", "uuid"),
    "page": ("page", "url", "pageurl", "link", "permalink", "thread", "path", "urlid"),
    "title": ("title", "pagetitle"),
    "parent": ("parent", "parentid", "replyto", "inreplyto"),
    "created_at": ("createdat", "created", "date", "time", "timestamp", "datetime", "published"),
    "body": ("body", "text", "comment", "content", "message", "commenthtml"),
    "author_name": ("authorname", "author", "name", "nick", "username", "commentername"),
    "author_email": ("authoremail", "email", "mail", "commenteremail"),
    "author_url": ("authorurl", "website", "authorwebsite", "commenterlink"),
    "status": ("status", "state", "approved"),
    "address": ("ip", "ipaddress", "authorip"),
}
NEEDED = ("page", "created_at", "body")
STATUSES = {
    **dict.fromkeys(("", "approved", "published", "true", "1", "yes", "visible"), Status.APPROVED),
    **dict.fromkeys(("pending", "held", "hold", "unapproved", "false", "0", "no"), Status.HELD),
    "spam": Status.SPAM,
    **dict.fromkeys(("rejected", "hidden"), Status.REJECTED),
    **dict.fromkeys(("deleted", "trash", "removed"), Status.DELETED),
}
READERS: Mapping[str, Callable[[str], str]] = {
    "text": markup.from_text,
    "html": markup.from_html,
    "markdown": markup.from_markdown,
}
DELIMITERS = ",;\t|"
# The longest cell, in characters.
MAX_CELL = 4 * 1024 * 1024
SEPARATORS = re.compile(r"[\s-]|(?<=.)_")


class InvalidColumns(ValueError):
    """The columns of a table are not named as they should be; the message says what is wrong."""


def parse_columns(pairs: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return pairs of a field and its column, each written `field=Column`.

    Raises InvalidColumns.
    """
    found = []
    for pair in filter(None, map(str.strip, pairs)):
        name, _, column = pair.partition("=")
        if name not in COLUMNS or not column:
            raise InvalidColumns(
                f"“{pair[:100]}” names no column: write field=Column, with one of the fields "
                f"{', '.join(COLUMNS)}."
            )
        found.append((name, column))
    return tuple(found)


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a table with the needed columns."""
    first = head.decode("utf-8", "replace").partition("\n")[0]
    names = _cells(first)
    return len(names) >= len(NEEDED) and all(_recognised(field, names) for field in NEEDED)


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments. Raises UnreadableFile."""
    csv.field_size_limit(MAX_CELL)
    with source.open() as stream:
        lines = io.TextIOWrapper(cast(Any, stream), encoding="utf-8", newline="")
        first = lines.readline(MAX_CELL)
        reader = csv.reader(lines, delimiter=_delimiter(first))
        columns = _columns(_cells(first.rstrip("\r\n")), source)
        located = _located(reader, columns)
        yield from records.items(located, lambda row: _entry(row, source))


def _delimiter(first: str) -> str:
    return max(DELIMITERS, key=first.count)


def _cells(first: str) -> list[str]:
    return next(csv.reader([first], delimiter=_delimiter(first)), [])


def _recognised(field: str, names: list[str]) -> str:
    """Return the column of a field, "" where none is recognised."""
    plain = {SEPARATORS.sub("", name.strip().lower()): name for name in names}
    return next((plain[name] for name in COLUMNS[field] if name in plain), "")


def _columns(names: list[str], source: ImportFile) -> dict[str, int]:
    """Return the number of the column of each field. Raises UnreadableFile."""
    chosen = dict(source.options.columns)
    if missing := [name for name in chosen.values() if name not in names]:
        raise UnreadableFile(f"The table has no column “{missing[0]}” in its first line.")
    found = {field: chosen.get(field) or _recognised(field, names) for field in COLUMNS}
    if missing := [field for field in NEEDED if not found[field]]:
        raise UnreadableFile(f"Say which column of the table is the {missing[0]} of a comment.")
    return {field: names.index(name) for field, name in found.items() if name}


def _located(reader: Any, columns: Mapping[str, int]) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = {f: cells[at].strip() for f, at in columns.items() if at < len(cells)}
                yield f"line {reader.line_num + 1}", row
    except csv.Error as error:
        raise UnreadableFile(
            f"The table can't be read at line {reader.line_num + 1}: {error}"
        ) from None


def _entry(row: Mapping[str, str], source: ImportFile) -> Entry:
    url = source.absolute_url(row.get("page", ""))
    page = ImportedThread(key=url, url=text.http_url(url), title=text.plain_text(row.get("title")))
    status = STATUSES.get(row.get("status", "").lower())
    if status is None:
        raise ValueError(f"its state “{row['status'][:50]}” is not known")
    body = READERS[source.options.text_format](row.get("body", ""))
    if not body and status is not Status.DELETED:
        raise ValueError("it has no text")
    comment = ImportedComment(
        source_id=row.get("id") or _id(row),
        page=page.key,
        parent="" if row.get("parent") in (None, "0") else row["parent"],
        created_at=text.moment(row.get("created_at")),
        body=body,
        status=status,
        author_name=text.plain_text(row.get("author_name")),
        author_email=text.email_address(row.get("author_email")),
        author_url=text.http_url(row.get("author_url")),
        address=row.get("address", ""),
    )
    return page, comment


def _id(row: Mapping[str, str]) -> str:
    """Return an id for a row without one: the same in each import."""
    content = "\x00".join(row.get(field, "") for field in COLUMNS)
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:32]
