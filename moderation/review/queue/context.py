"""The context of a comment: its neighbours in the thread, and others from the same origin."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from comments.models import Comment
from moderation.review.queue import blind

MAX_NEIGHBOURS = 3
# Counting stops here: a higher number tells a moderator nothing more.
MAX_COUNT = 1000


class ThreadContext(NamedTuple):
    """The nearest public siblings before and after a comment, and its first replies."""

    earlier: Sequence[Comment]
    later: Sequence[Comment]
    replies: Sequence[Comment]


class SameOrigin(NamedTuple):
    """The numbers of the site's other comments from the same IP address, and the same network.

    Each is counted up to MAX_COUNT.
    """

    same_address: int
    same_network: int


def thread_context(comment: Comment) -> ThreadContext:
    """Return the public comments around a comment, each with its site, thread and author loaded."""
    # What is shown blind is in no list of public comments, and neither is what stands below it.
    hidden = set(
        blind.waiting().filter(comment__thread=comment.thread_id).values_list("comment", flat=True)
    )
    public = Comment.objects.public().filter(thread=comment.thread_id).exclude(pk__in=hidden)
    public = public.select_related("site", "thread", "author")
    siblings = public.filter(parent=comment.parent_id)
    replies = public.filter(parent=comment) if comment.pk not in hidden else public.none()
    return ThreadContext(
        list(siblings.filter(pk__lt=comment.pk).order_by("-id")[:MAX_NEIGHBOURS])[::-1],
        list(siblings.filter(pk__gt=comment.pk).order_by("id")[:MAX_NEIGHBOURS]),
        list(replies.order_by("id")[:MAX_NEIGHBOURS]),
    )


def same_origin(comment: Comment) -> SameOrigin:
    """Return how many other comments came from a comment's IP address and network."""
    others = Comment.objects.filter(site=comment.site_id).exclude(pk=comment.pk)
    return SameOrigin(
        _count(others, "address_digest", comment.address_digest),
        _count(others, "network_digest", comment.network_digest),
    )


def _count(comments: QuerySet[Comment], field: str, value: str) -> int:
    return comments.filter(**{field: value}).order_by()[:MAX_COUNT].count() if value else 0
