"""Import Isso's SQLite database, or the generic JSON that Isso imports."""

from collections.abc import Iterator, Mapping
from typing import Any

from comments.formats import isso_database, markup, rows, text
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.isso_database import Database
from comments.formats.items import (
    MAX_KEY,
    ImportedComment,
    ImportedThread,
    ImportNote,
    ImportProblem,
    Item,
)
from comments.formats.json_values import values
from comments.status import Status

# An id that the first comment of a thread may have, and that elsewhere stands for none.
ZERO = "0"
# The largest database that is read from a packed file, in bytes: it is in memory meanwhile.
MAX_UNPACKED = 200 * 1024 * 1024
STATUSES = {1: Status.APPROVED, 2: Status.HELD, 4: Status.DELETED}


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
    with isso_database.opened(source.path, unpacked=_unpacked(source)) as database:
        urls: dict[Any, str] = {}
        has_zero = database.has(ZERO)
        for rowid in database.rowids("threads"):
            yield rows.guarded_page(f"thread {rowid}", _thread, database, rowid, urls, source)
        for rowid in database.rowids("comments"):
            yield rows.guarded(
                f"comment {rowid}", _comment, database, rowid, urls, has_zero=has_zero
            )


def _unpacked(source: ImportFile) -> bytes:
    """Return the content of a packed database, b"" for one that is not."""
    if not source.is_compressed:
        return b""
    with source.open_bytes() as stream:
        content = stream.read(MAX_UNPACKED + 1)
    if len(content) > MAX_UNPACKED:
        raise UnreadableFile("Unpack the database: it is too large to be read as it is.")
    return content


def _thread(
    database: Database, rowid: int, urls: dict[Any, str], source: ImportFile
) -> ImportedThread:
    """Return a thread, and note its URL by its id."""
    row = database.row("threads", rowid)
    url = urls[row["id"]] = source.absolute_url(str(row["uri"]))[: 2 * MAX_KEY]
    return ImportedThread(key=url, url=text.http_url(url), title=text.plain_text(row["title"]))


def _comment(
    database: Database, rowid: int, urls: Mapping[Any, str], *, has_zero: bool
) -> ImportedComment | ImportProblem:
    row = database.row("comments", rowid)
    if row["tid"] not in urls:
        raise ValueError("its thread is not in the file")
    parent = _parent(row["parent"], has_zero=has_zero)
    return _parse_comment({**row, "uri": urls[row["tid"]], "parent": parent})


def _body(text: Any) -> str:
    """Return a text of Isso, which shows HTML in its Markdown; what it once imported is HTML."""
    return markup.from_markdown(str(text or ""), allows_html=True)


def _parent(value: Any, *, has_zero: bool) -> str:
    """Return the id of a parent, "" for none; 0 is none where no comment has that id."""
    is_none = value in (None, "") or (str(value) == ZERO and not has_zero)
    return "" if is_none else str(value)


def _parse_comment(row: Mapping[str, Any]) -> ImportedComment | ImportProblem:
    location = f"comment {row['id']}"
    status = STATUSES.get(row["mode"])
    try:
        created_at = text.time_from_timestamp(float(row["created"]))
        edited_at = text.time_from_timestamp(float(row["modified"])) if row["modified"] else None
    except (ValueError, TypeError):
        return ImportProblem(location, "it has no time")
    body = _body(row["text"])
    if status is None or not (body or status is Status.DELETED):
        return ImportProblem(location, "it has no text, or a state that is not known")
    return ImportedComment(
        source_id=str(row["id"]),
        page=row["uri"],
        parent=row["parent"],
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
    page = rows.guarded_page("a thread", _generic_page, thread, source)
    yield page
    comments = thread.get("comments") if isinstance(thread, dict) else None
    comments = comments if isinstance(comments, list) else []
    names = [str(row.get("id"))[:100] if isinstance(row, dict) else "?" for row in comments]
    for name, row in zip(names, comments, strict=True):
        if isinstance(page, ImportNote):
            yield ImportProblem(f"comment {name}", f"its thread {page.message}")
        else:
            where = f"comment {name} on {page.key}"
            has_zero = ZERO in names
            yield rows.guarded(where, _generic_comment, row, page.key, has_zero=has_zero)


def _generic_page(thread: Mapping[str, Any], source: ImportFile) -> ImportedThread:
    url, title = source.absolute_url(str(thread["id"])), text.plain_text(thread.get("title"))
    return ImportedThread(key=url, url=text.http_url(url), title=title)


def _generic_comment(row: Mapping[str, Any], url: str, *, has_zero: bool) -> ImportedComment:
    """Return a comment; its id counts within its thread, so it is made one of the whole file."""
    parent = _parent(row.get("parent"), has_zero=has_zero)
    return ImportedComment(
        source_id=f"{url} {row['id']}",
        page=url,
        parent=parent and f"{url} {parent}",
        created_at=text.parse_time(str(row["created"])),
        body=_body(row["text"]),
        status=Status.APPROVED,
        author_name=text.plain_text(row.get("author")),
        author_email=text.email_address(row.get("email")),
        author_url=text.http_url(row.get("website")),
        address=str(row.get("remote_addr") or ""),
    )
