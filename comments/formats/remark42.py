"""Import a backup of Remark42: a stream of JSON documents, the first of them metadata."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import IO, Any, NamedTuple

from comments.formats import markup, rows, text
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment, ImportedThread, ImportProblem, Item
from comments.formats.json_values import Line, lines, parse_object, values
from comments.status import Status

# The first line names every reader who is blocked, and every page that is closed.
# What it says of a comment that answers none.
NO_PARENT = (None, "", "0", "root", 0)
MAX_METADATA_BYTES = 64 * 1024 * 1024


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a Remark42 backup."""
    return head.lstrip().startswith(b"{") and b'"users"' in head and b'"posts"' in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments; an invalid line is an ImportProblem. Raises UnreadableFile."""
    seen_pages: set[str] = set()
    with source.open() as stream:
        documents = _documents(source, stream)
        metadata = _metadata(next(documents, None))
        for number, document in enumerate(documents, 1):
            yield from _items(document, seen_pages, metadata, location=f"comment {number}")


def _documents(source: ImportFile, stream: IO[bytes]) -> Iterator[Any]:
    """Yield the lines, as Remark42 writes them, or else the documents that span lines."""
    with source.open() as again:
        first = next(lines(again, first=MAX_METADATA_BYTES), None)
    try:
        yield parse_object(first) if first else None
    except ValueError:
        yield from values(stream, "", many_documents=True)
        return
    for line in islice(lines(stream, first=MAX_METADATA_BYTES), 1, None):
        if line.content != b"\n":
            yield line


class _Metadata(NamedTuple):
    """The URLs of pages that are read only, and the ids of readers who are blocked."""

    closed_pages: frozenset[str]
    blocked: frozenset[str]


def _metadata(first: Any) -> _Metadata:
    try:
        posts, users = first.get("posts") or (), first.get("users") or ()
        return _Metadata(
            frozenset(str(post["url"]) for post in posts if post.get("read_only")),
            frozenset(str(user["id"]) for user in users if _is_blocked(user.get("blocked"))),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise UnreadableFile(f"This is no backup of Remark42: {error}") from None


def _is_blocked(value: Any) -> bool:
    return bool(value.get("status") if isinstance(value, dict) else value)


def _items(
    document: Any, seen_pages: set[str], metadata: _Metadata, *, location: str
) -> Iterator[Item]:
    found = rows.guarded(location, _comment_and_title, document, metadata.blocked)
    if isinstance(found, ImportProblem):
        yield found
        return
    comment, title = found
    if comment.page not in seen_pages:
        seen_pages.add(comment.page)
        yield ImportedThread(
            key=comment.page,
            url=text.http_url(comment.page),
            title=title,
            created_at=comment.created_at,
            closed_at=comment.created_at if comment.page in metadata.closed_pages else None,
        )
    yield comment


def _comment_and_title(document: Any, blocked: frozenset[str]) -> tuple[ImportedComment, str]:
    row = parse_object(document) if isinstance(document, Line) else document
    return _comment(row, blocked), text.plain_text(row.get("title"))


def _body(row: Mapping[str, Any]) -> str:
    html, markdown = str(row.get("text") or ""), str(row.get("orig") or "")
    return markup.from_markdown(markdown, html=html) if markdown else markup.from_html(html)


def _comment(row: Mapping[str, Any], blocked: frozenset[str]) -> ImportedComment:
    """Return a comment: `orig` is its author's Markdown, and `text` the HTML that was seen.

    What somebody wrote who is blocked is shown to nobody, and marked as deleted in some versions.
    """
    user = row["user"]
    is_blocked = bool(user.get("block")) or str(user.get("id")) in blocked
    deleted = bool(row.get("delete")) and not (is_blocked and row.get("text"))
    body = "" if deleted else _body(row)
    if not body and not deleted:
        raise ValueError("it has no text")
    edit = row.get("edit") or {}
    return ImportedComment(
        source_id=str(row["id"]),
        page=str(row["locator"]["url"]),
        parent="" if row.get("pid") in NO_PARENT else str(row["pid"]),
        created_at=text.parse_time(str(row["time"])),
        edited_at=text.parse_time(str(edit["time"])) if edit.get("time") else None,
        body=body,
        status=Status.DELETED if deleted else Status.REJECTED if is_blocked else Status.APPROVED,
        author_name="" if deleted else text.plain_text(user.get("name")),
    )
