"""Import the JSON export of Comentario 3; that of version 1 is Commento's."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from comments.formats import markup, records, rows, text, times
from comments.formats.files import ImportFile
from comments.formats.items import ImportedComment, ImportedThread, ImportNote, Item
from comments.formats.json_values import values
from comments.formats.records import Entry
from comments.status import Status

VERSION = re.compile(rb'(?<!\s)\s*+\{\s*+"version"\s*+:\s*+3\b')


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of an export of Comentario 3."""
    return bool(VERSION.match(head)) and b'"pages"' in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments; the export knows paths only, so it needs its `base_url`.

    Raises UnreadableFile. The commenters stand at the end, and are read in a pass of their own.
    """
    pages: dict[str, ImportedThread] = {}
    people: dict[str, Mapping[str, Any]] = {}
    for row in _values(source, "commenters.item"):
        people[str(row.get("id"))] = row
    for row in _values(source, "pages.item"):
        page = rows.guarded_page(f"page {str(row.get('id'))[:100]}", _page, row, source)
        if isinstance(page, ImportNote):
            yield page
        else:
            pages[str(row["id"])] = page
    with source.open() as stream:
        located = records.located(values(stream, "comments.item"), "id")
        yield from records.items(located, lambda row: _entry(row, pages, people))


def _values(source: ImportFile, path: str) -> Iterator[Mapping[str, Any]]:
    with source.open() as stream:
        yield from (row for row in values(stream, path) if isinstance(row, dict))


def _page(row: Mapping[str, Any], source: ImportFile) -> ImportedThread:
    url = source.absolute_url("/" + str(row["path"]).removeprefix("/"))
    created_at = times.optional_moment(row.get("createdTime"))
    return ImportedThread(
        key=url,
        url=text.http_url(url),
        title=text.plain_text(row.get("title")),
        created_at=created_at,
        closed_at=created_at or text.EPOCH if row.get("isReadonly") else None,
    )


def _entry(
    row: Mapping[str, Any],
    pages: Mapping[str, ImportedThread],
    people: Mapping[str, Mapping[str, Any]],
) -> Entry:
    page = pages.get(str(row["pageId"]))
    if page is None:
        raise ValueError("its page is not in the file, or has no address")
    status = _status(row)
    deleted = status is Status.DELETED
    body = "" if deleted else _body(row)
    if not body and not deleted:
        raise ValueError("it has no text")
    person = {} if deleted else people.get(str(row.get("userCreated")), {})
    name = "" if deleted else row.get("authorName") or person.get("name")
    comment = ImportedComment(
        source_id=str(row["id"]),
        page=page.key,
        parent=str(row.get("parentId") or ""),
        created_at=times.moment(row["createdTime"]),
        edited_at=times.optional_moment(row.get("editedTime")),
        body=body,
        status=status,
        author_name=text.plain_text(name),
        author_email=text.email_address(person.get("email")),
        author_url=text.http_url(person.get("websiteUrl")),
    )
    return page, comment


def _body(row: Mapping[str, Any]) -> str:
    return markup.from_markdown(records.string(row, "markdown"), html=records.string(row, "html"))


def _status(row: Mapping[str, Any]) -> Status:
    if row.get("isDeleted"):
        return Status.DELETED
    if row.get("isPending"):
        return Status.HELD
    return Status.APPROVED if row.get("isApproved") else Status.REJECTED
