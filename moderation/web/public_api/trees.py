"""The JSON of comment trees."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from comments.models import Comment, Status
from comments.threads.reading import Node
from moderation.web.shared.comment_serializers import CommentSerializer

# What is returned of a deleted comment that has replies.
TOMBSTONE = {
    "status": Status.DELETED,
    "author_name": "",
    "author_url": "",
    "author_badge": None,
    "author_avatar": None,
    "pinned": False,
    "featured": False,
    "body_html": "",
    "avatar": "",
    "votes": {"up": 0, "down": 0},
}


def nested(
    tops: Sequence[Node], *, replies_next: Callable[[Node], str | None]
) -> list[dict[str, Any]]:
    """Return top-level comments with nested replies, and the URL of those left out."""
    walked = list(_walk(tops))
    rows = dict(zip((node.comment.pk for node in walked), flat(walked), strict=True))
    for node in walked:
        rows[node.comment.pk]["replies"] = [rows[reply.comment.pk] for reply in node.replies]
    for top in tops:
        rows[top.comment.pk] |= {"replies_left": top.remaining, "replies_next": replies_next(top)}
    return [rows[top.comment.pk] for top in tops]


def flat(nodes: Sequence[Node]) -> list[dict[str, Any]]:
    """Return comments without their replies.

    One serializer serves all of them, since setting it up costs more than using it.
    """
    comments: list[Comment] = [node.comment for node in nodes]
    rows = CommentSerializer(comments, many=True).data
    return [
        {**row, **(TOMBSTONE if node.is_tombstone else {})}
        for node, row in zip(nodes, rows, strict=True)
    ]


def _walk(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _walk(node.replies)
