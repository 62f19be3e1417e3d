"""Remark42: its backup, a stream of JSON values, the first about users and pages."""

from collections.abc import Iterator, Mapping
from typing import Any

from comments.formats import text
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment, ImportedThread, ImportProblem, Item
from comments.formats.json_values import values
from comments.models import Status


def recognises(head: bytes) -> bool:
    """Tell whether a file that begins so is one of Remark42."""
    return head.lstrip().startswith(b"{") and b'"users"' in head and b'"posts"' in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments."""
    seen: set[str] = set()
    with source.open() as stream:
        try:
            documents = values(stream, "", many_documents=True)
            meta: Any = next(documents, {})
            closed = {p["url"] for p in meta.get("posts") or () if p.get("read_only")}
            for number, row in enumerate(documents, 1):
                yield from _items(row, seen, closed, where=f"comment {number}")
        except (AttributeError, KeyError, TypeError) as error:
            raise UnreadableFile(f"This is no backup of Remark42: {error}") from None


def _items(row: Any, seen: set[str], closed: set[str], *, where: str) -> Iterator[Item]:
    try:
        comment, title = _comment(row), text.plain(row.get("title"))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        yield ImportProblem(where, f"it can't be read: {error!r}")
        return
    if comment.page not in seen:
        seen.add(comment.page)
        yield ImportedThread(
            key=comment.page,
            url=text.website(comment.page),
            title=title,
            created_at=comment.created_at,
            closed_at=comment.created_at if comment.page in closed else None,
        )
    yield comment


def _comment(row: Mapping[str, Any]) -> ImportedComment:
    """Return a comment; `orig` is what its author typed, `text` what that was rendered to."""
    deleted = bool(row.get("delete"))
    body = "" if deleted else str(row.get("orig") or text.from_html(str(row["text"]))).strip()
    if not body and not deleted:
        raise ValueError("it has no text")
    edit = row.get("edit") or {}
    return ImportedComment(
        source_id=str(row["id"]),
        page=str(row["locator"]["url"]),
        parent=str(row.get("pid") or ""),
        created_at=text.moment(str(row["time"])),
        edited_at=text.moment(str(edit["time"])) if edit.get("time") else None,
        body=body,
        status=Status.DELETED if deleted else Status.APPROVED,
        author_name="" if deleted else text.plain(row["user"].get("name")),
    )
