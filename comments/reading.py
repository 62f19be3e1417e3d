"""Reading: threads as trees, in pages, without a query for each comment."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from comments.models import Comment, Site, Status, Thread
from comments.models.comment import visible
from comments.models.thread import canonical

def roots(thread: Thread | None, *, own: Iterable[UUID] = ()) -> QuerySet[Comment]:
    """Return the comments at the top of a thread that a reader may see.

    A comment that is gone stays as a tombstone while something public hangs below it.
    """
    survives = Comment.objects.filter(root=OuterRef("pk"), status=Status.APPROVED)
    return Comment.objects.filter(
        visible(own) | Q(Exists(survives)),
        thread=thread,
        parent=None,
    ).select_related("thread")


def branches(tops: Sequence[Comment], *, own: Iterable[UUID] = ()) -> Mapping[UUID, list[Comment]]:
    """Return the replies below each comment of `tops`, the oldest first, by their parent's id.

    Two queries where nothing is gone, and one more for each level of tombstones.
    """
    below = Comment.objects.filter(root__in=[top.pk for top in tops])
    replies = {reply.pk: reply for reply in below.filter(visible(own)).select_related("thread")}
    known = {top.pk for top in tops}
    while missing := {reply.parent_id for reply in replies.values()} - known - set(replies):
        replies |= {reply.pk: reply for reply in below.filter(pk__in=missing)}
    children: defaultdict[UUID, list[Comment]] = defaultdict(list)
    for _, reply in sorted(replies.items()):
        children[reply.parent_id].append(reply)
    return children


def is_tombstone(comment: Comment, *, own: Iterable[UUID] = ()) -> bool:
    """Tell whether only the place of a comment may be shown, and none of its content."""
    waiting = comment.status in (Status.PENDING, Status.HELD) and comment.pk in own
    return comment.status != Status.APPROVED and not waiting


def counts(site: Site, names: Sequence[str]) -> dict[str, int]:
    """Return how many public comments each of the named threads has, in one query."""
    threads = Thread.objects.named(site, *names)
    numbers = dict(
        threads.filter(comments__status=Status.APPROVED)
        .values_list("key")
        .annotate(n=Count("comments"))
    )
    return {name: numbers.get(canonical(name), 0) for name in names}
