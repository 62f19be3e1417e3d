"""Read and write our own format: JSON Lines, described by `docs/export.schema.json`.

The first line names the format and its version; then come the threads, then the comments, oldest
first. Export, import and export again gives the same bytes.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken

from comments.formats import text
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment, ImportedThread, ImportProblem, Item
from comments.models import Comment, Origin, Site, Status, Thread
from comments.privacy import email_addresses

FORMAT, VERSION = "leave-a-reply", 1
MAX_LINE_BYTES = 4 * 1024 * 1024


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of our own export."""
    return head.startswith(b'{"format":"leave-a-reply"')


def read(source: ImportFile) -> Iterator[Item]:
    """Yield threads and comments; an invalid line is an ImportProblem, and reading goes on.

    Raises UnreadableFile for an unknown header.
    """
    with source.open() as stream:
        header = _header(stream.readline(MAX_LINE_BYTES))
        if header.get("format") != FORMAT or header.get("version") != VERSION:
            raise UnreadableFile(f"This is no export of version {VERSION}.")
        number = 1
        while line := stream.readline(MAX_LINE_BYTES):
            number += 1
            try:
                yield _parse_item(_parse(line))
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                yield ImportProblem(f"line {number}", f"it can't be read: {error!r}")


def write(site: Site, *, with_addresses: bool = False) -> Iterator[str]:
    """Yield the lines of an export, oldest first."""
    yield _line({"format": FORMAT, "version": VERSION})
    threads = Thread.objects.filter(site=site).order_by("created_at", "key")
    for thread in threads.iterator(chunk_size=500):
        yield _line(
            {
                "type": "thread",
                "key": thread.key,
                "url": thread.url,
                "title": thread.title,
                "created_at": _timestamp(thread.created_at),
                "closed_at": _timestamp(thread.closed_at),
            }
        )
    comments = Comment.objects.filter(site=site).order_by("pk")
    related = comments.select_related("thread", "author", "origin", "parent__origin")
    for comment in related.iterator(chunk_size=500):
        yield _line(_serialize_comment(comment, with_addresses=with_addresses))


def _serialize_comment(comment: Comment, *, with_addresses: bool) -> Mapping[str, Any]:
    author: dict[str, Any] = {"name": comment.author_name, "url": comment.author_url}
    if with_addresses and comment.author:
        author["email"] = _email(comment)
        author["verified_at"] = _timestamp(comment.author.verified_at)
        author["verified"] = comment.author_verified
    return {
        "type": "comment",
        "id": _id(comment),
        "thread": comment.thread.key,
        "parent": _id(comment.parent) if comment.parent else None,
        "author": author,
        "body": comment.body,
        "status": comment.status,
        "created_at": _timestamp(comment.created_at),
        "edited_at": _timestamp(comment.edited_at),
    }


def _id(comment: Comment) -> str:
    """Return a comment's id at its first installation, however often it was moved."""
    origin: Origin | None = getattr(comment, "origin", None)
    return origin.source_id if origin and origin.source == "native" else str(comment.pk)


def _email(comment: Comment) -> str:
    try:
        return email_addresses.decrypt(comment.author.email_encrypted) if comment.author else ""
    except InvalidToken:
        return ""


def _timestamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _header(line: bytes) -> Mapping[str, Any]:
    try:
        return _parse(line)
    except ValueError as error:
        raise UnreadableFile(f"This is no export of ours: {error}.") from None


def _parse(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None
    if not isinstance(value, dict):
        raise ValueError("it is no object")
    return value


def _parse_item(row: Mapping[str, Any]) -> ImportedThread | ImportedComment:
    if row["type"] == "thread":
        return ImportedThread(
            key=_require_string(row["key"]),
            url=text.http_url(row["url"]),
            title=text.plain_text(row["title"]),
            created_at=text.parse_time(row["created_at"]),
            closed_at=text.parse_time(row["closed_at"]) if row["closed_at"] else None,
        )
    if row["type"] != "comment":
        raise ValueError("its type is neither thread nor comment")
    author = row["author"]
    return ImportedComment(
        source_id=str(UUID(row["id"])),
        page=_require_string(row["thread"]),
        parent=str(UUID(row["parent"])) if row["parent"] else "",
        created_at=text.parse_time(row["created_at"]),
        edited_at=text.parse_time(row["edited_at"]) if row["edited_at"] else None,
        body=_require_string(row["body"]).replace("\x00", ""),
        status=Status(row["status"]),
        author_name=text.plain_text(author["name"]),
        author_url=text.http_url(author["url"]),
        author_email=text.email_address(author.get("email")),
        verified_at=text.parse_time(author["verified_at"]) if author.get("verified_at") else None,
        author_verified=author.get("verified") is True,
    )


def _require_string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a string is expected")
    return value
