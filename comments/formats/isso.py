"""Import Isso's SQLite database, or the generic JSON that Isso imports."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from comments.formats import text
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment, ImportedThread, ImportProblem, Item
from comments.formats.json_values import values
from comments.models import Status

STATUSES = {1: Status.APPROVED, 2: Status.PENDING, 4: Status.DELETED}


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a SQLite database or generic JSON."""
    return head.startswith(b"SQLite format 3\x00") or _is_generic(head)


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments. Raises UnreadableFile.

    Isso stores paths without a host, so the file needs its `base_url`.
    """
    return _read_database(source) if not _is_generic(source.head()) else _read_generic(source)


def _is_generic(head: bytes) -> bool:
    start = head.lstrip()[:4096]
    return start.startswith(b"[") and b'"comments"' in head and b'"id"' in start


def _read_database(source: ImportFile) -> Iterator[Item]:
    try:
        # Immutable: SQLite makes not even a journal beside somebody's database.
        address = f"{source.path.absolute().as_uri()}?mode=ro&immutable=1"
        database = sqlite3.connect(address, uri=True)
        with closing(database):
            database.row_factory = sqlite3.Row
            # SQLite checks no encoding: a text column may hold any bytes.
            database.text_factory = lambda raw: raw.decode("utf-8", "replace")
            for row in database.execute("SELECT uri, title FROM threads ORDER BY id"):
                yield _thread(row, source)
            rows = database.execute(
                "SELECT c.*, t.uri FROM comments c JOIN threads t ON t.id = c.tid ORDER BY c.id"
            )
            for row in rows:
                yield _comment(dict(row), source)
    except sqlite3.Error as error:
        raise UnreadableFile(f"This is no database of Isso: {error}") from None


def _thread(row: Mapping[str, Any], source: ImportFile) -> ImportedThread | ImportProblem:
    url = source.absolute_url(str(row["uri"]))
    try:
        title = text.plain_text(row["title"])
    except TypeError:
        return ImportProblem(f"thread {url}", "its title is no text")
    return ImportedThread(key=url, url=text.http_url(url), title=title)


def _comment(row: Mapping[str, Any], source: ImportFile) -> ImportedComment | ImportProblem:
    try:
        return _parse_comment(row, source)
    except TypeError as error:
        return ImportProblem(f"comment {row['id']}", f"it can't be read: {error!r}")


def _parse_comment(row: Mapping[str, Any], source: ImportFile) -> ImportedComment | ImportProblem:
    location = f"comment {row['id']}"
    status = STATUSES.get(row["mode"])
    try:
        created_at = text.time_from_timestamp(float(row["created"]))
        edited_at = text.time_from_timestamp(float(row["modified"])) if row["modified"] else None
    except (ValueError, TypeError):
        return ImportProblem(location, "it has no time")
    body = str(row["text"] or "").strip()
    if status is None or not (body or status is Status.DELETED):
        return ImportProblem(location, "it has no text, or a state that is not known")
    return ImportedComment(
        source_id=str(row["id"]),
        page=source.absolute_url(str(row["uri"])),
        parent=str(row["parent"] or ""),
        created_at=created_at,
        edited_at=edited_at,
        body=body,
        status=status,
        author_name=text.plain_text(row["author"]),
        author_email=text.email_address(row["email"]),
        author_url=text.http_url(row["website"]),
        address=str(row["remote_addr"] or ""),
    )


def _read_generic(source: ImportFile) -> Iterator[Item]:
    with source.open() as stream:
        for thread in values(stream, "item"):
            yield from _generic_thread(thread, source)


def _generic_thread(thread: Any, source: ImportFile) -> Iterator[Item]:
    try:
        url = source.absolute_url(str(thread["id"]))
        title = text.plain_text(thread.get("title"))
        comments = list(thread["comments"])
    except (TypeError, KeyError, AttributeError):
        yield ImportProblem("a thread", "it has no id, no title that is text, or no comments")
        return
    yield ImportedThread(key=url, url=text.http_url(url), title=title)
    for row in comments:
        yield _generic_comment(row, url)


def _generic_comment(row: Any, url: str) -> ImportedComment | ImportProblem:
    try:
        return ImportedComment(
            source_id=str(row["id"]),
            page=url,
            parent=str(row.get("parent") or ""),
            created_at=text.parse_time(str(row["created"])),
            body=str(row["text"]).strip(),
            status=Status.APPROVED,
            author_name=text.plain_text(row.get("author")),
            author_email=text.email_address(row.get("email")),
            author_url=text.http_url(row.get("website")),
            address=str(row.get("remote_addr") or ""),
        )
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        return ImportProblem(f"a comment on {url}", f"it can't be read: {error!r}")
