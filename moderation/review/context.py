"""Surroundings: what stands next to a comment, and what else comes from where it came from."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from comments.models import Comment

NEXT_TO_IT = 3
# Beyond this number it is not worth counting on.
MOST_COUNTED = 1000


class ThreadContext(NamedTuple):
    """The nearest public comments at the same place, in their order, and the first replies."""

    earlier: Sequence[Comment]
    later: Sequence[Comment]
    replies: Sequence[Comment]


class SameOrigin(NamedTuple):
    """How many other comments of the site came from the same address, and the same network.

    Each is counted up to MOST_COUNTED.
    """

    same_address: int
    same_network: int


def around(comment: Comment) -> ThreadContext:
    """Return what is public around a comment, with its site, thread and author."""
    public = Comment.objects.public().filter(thread=comment.thread_id)
    public = public.select_related("site", "thread", "author")
    beside = public.filter(parent=comment.parent_id).exclude(pk=comment.pk)
    return ThreadContext(
        list(beside.filter(pk__lt=comment.pk).order_by("-id")[:NEXT_TO_IT])[::-1],
        list(beside.filter(pk__gt=comment.pk).order_by("id")[:NEXT_TO_IT]),
        list(public.filter(parent=comment).order_by("id")[:NEXT_TO_IT]),
    )


def origin(comment: Comment) -> SameOrigin:
    """Return how much else came from where a comment came from."""
    others = Comment.objects.filter(site=comment.site_id).exclude(pk=comment.pk)
    return SameOrigin(
        _number(others, "address_digest", comment.address_digest),
        _number(others, "network_digest", comment.network_digest),
    )


def _number(comments: QuerySet[Comment], field: str, value: str) -> int:
    return comments.filter(**{field: value}).order_by()[:MOST_COUNTED].count() if value else 0
