"""Comments in their places, as they are answered."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from comments.models import Comment, Status
from comments.threads.reading import Node
from moderation.web.shared.comment_serializers import CommentSerializer

# What is left of a comment that is gone but has replies.
TOMBSTONE = {
    "status": Status.DELETED,
    "author_name": "",
    "author_url": "",
    "body_html": "",
    "avatar": "",
    "votes": {"up": 0, "down": 0},
}


def nested(
    tops: Sequence[Node], *, replies_next: Callable[[Node], str | None]
) -> list[dict[str, Any]]:
    """Return comments at the top, each with its replies in it, and where there are more of them."""
    walked = list(_walk(tops))
    shown = dict(zip((node.comment.pk for node in walked), flat(walked), strict=True))
    for node in walked:
        shown[node.comment.pk]["replies"] = [shown[reply.comment.pk] for reply in node.replies]
    for top in tops:
        shown[top.comment.pk] |= {"replies_left": top.remaining, "replies_next": replies_next(top)}
    return [shown[top.comment.pk] for top in tops]


def flat(nodes: Sequence[Node]) -> list[dict[str, Any]]:
    """Return comments without what is below them.

    All in one pass, since setting up a serializer costs more than using it.
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
