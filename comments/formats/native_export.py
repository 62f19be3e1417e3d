"""Write our own format: JSON Lines, described by `docs/export.schema.json`.

The first line names the format and its version; then come the threads, then the comments, oldest
first. Export, import and export again gives the same bytes.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from comments.formats.export import AddressOf
from comments.formats.native import FORMAT, VERSION
from comments.models import Comment, Origin, Site, Thread


def write(site: Site, *, address_of: AddressOf | None = None) -> Iterator[str]:
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
        yield _line(_serialize_comment(comment, address_of=address_of))


def _serialize_comment(comment: Comment, *, address_of: AddressOf | None) -> Mapping[str, Any]:
    author: dict[str, Any] = {"name": comment.author_name, "url": comment.author_url}
    if address_of and comment.author:
        author["email"] = address_of(comment.author)
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


def _timestamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
