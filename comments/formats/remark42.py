"""Import a backup of Remark42: a stream of JSON documents, the first of them metadata."""

from collections.abc import Iterator, Mapping
from typing import Any

from comments.formats import text
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment, ImportedThread, ImportProblem, Item
from comments.formats.json_values import values
from comments.models import Status


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a Remark42 backup."""
    return head.lstrip().startswith(b"{") and b'"users"' in head and b'"posts"' in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments. Raises UnreadableFile."""
    seen_pages: set[str] = set()
    with source.open() as stream:
        try:
            documents = values(stream, "", many_documents=True)
            metadata: Any = next(documents, {})
            closed_pages = {p["url"] for p in metadata.get("posts") or () if p.get("read_only")}
            for number, row in enumerate(documents, 1):
                yield from _items(row, seen_pages, closed_pages, location=f"comment {number}")
        except (AttributeError, KeyError, TypeError) as error:
            raise UnreadableFile(f"This is no backup of Remark42: {error}") from None


def _items(
    row: Any, seen_pages: set[str], closed_pages: set[str], *, location: str
) -> Iterator[Item]:
    try:
        comment, title = _comment(row), text.plain_text(row.get("title"))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        yield ImportProblem(location, f"it can't be read: {error!r}")
        return
    if comment.page not in seen_pages:
        seen_pages.add(comment.page)
        yield ImportedThread(
            key=comment.page,
            url=text.http_url(comment.page),
            title=title,
            created_at=comment.created_at,
            closed_at=comment.created_at if comment.page in closed_pages else None,
        )
    yield comment


def _comment(row: Mapping[str, Any]) -> ImportedComment:
    """Return a comment from `orig`, the author's Markdown, or else from the HTML in `text`."""
    deleted = bool(row.get("delete"))
    body = (
        "" if deleted else str(row.get("orig") or text.html_to_markdown(str(row["text"]))).strip()
    )
    if not body and not deleted:
        raise ValueError("it has no text")
    edit = row.get("edit") or {}
    return ImportedComment(
        source_id=str(row["id"]),
        page=str(row["locator"]["url"]),
        parent=str(row.get("pid") or ""),
        created_at=text.parse_time(str(row["time"])),
        edited_at=text.parse_time(str(edit["time"])) if edit.get("time") else None,
        body=body,
        status=Status.DELETED if deleted else Status.APPROVED,
        author_name="" if deleted else text.plain_text(row["user"].get("name")),
    )
