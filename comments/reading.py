"""Reading: threads as trees, in pages, without a query for each comment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from comments.models import Comment, Site, Status, Thread
from comments.models.comment import visible
from comments.models.thread import canonical


@dataclass(frozen=True, slots=True)
class Node:
    """A comment in its place; of a tombstone nothing but the place may be shown."""

    comment: Comment
    is_tombstone: bool
    replies: list["Node"] = field(default_factory=list)


def roots(thread: Thread | None, *, own: Iterable[UUID] = ()) -> QuerySet[Comment]:
    """Return the comments at the top of a thread that a reader may see.

    A comment that is gone stays as a tombstone while something public hangs below it.
    """
    # Naming the thread here, too, keeps the database from looking at the replies of all others.
    survives = Comment.objects.filter(root=OuterRef("pk"), thread=thread, status=Status.APPROVED)
    return Comment.objects.filter(
        visible(own) | Q(Exists(survives)),
        thread=thread,
        parent=None,
    ).select_related("thread")


def tree(tops: Sequence[Comment], *, own: Iterable[UUID] = ()) -> list[Node]:
    """Return the comments of `tops` with everything that a reader may see below them.

    Replies stand in the order in which they were written. Two queries where nothing is gone, and
    one more for each level of tombstones.
    """
    below = Comment.objects.filter(root__in=[top.pk for top in tops]).select_related("thread")
    replies = {reply.pk: reply for reply in below.filter(visible(own))}
    known = {top.pk for top in tops}
    while missing := {r.parent_id for r in replies.values() if r.parent_id} - known - set(replies):
        replies |= {reply.pk: reply for reply in below.filter(pk__in=missing)}
    nodes = {c.pk: Node(c, _is_tombstone(c, own=own)) for c in (*tops, *replies.values())}
    for reply in sorted(replies.values(), key=lambda reply: reply.pk):
        if reply.parent_id:
            nodes[reply.parent_id].replies.append(nodes[reply.pk])
    return [nodes[top.pk] for top in tops]


def _is_tombstone(comment: Comment, *, own: Iterable[UUID]) -> bool:
    waiting = comment.status in (Status.PENDING, Status.HELD) and comment.pk in own
    return comment.status != Status.APPROVED and not waiting


def counts(site: Site, names: Sequence[str]) -> dict[str, int]:
    """Return how many public comments each of the named threads has, in two queries."""
    threads = dict(Thread.objects.named(site, *names).values_list("key", "pk"))
    public = Comment.objects.filter(thread__in=threads.values(), status=Status.APPROVED)
    numbers = dict(public.values_list("thread").annotate(n=Count("pk")).order_by())
    return {name: numbers.get(threads.get(canonical(name)), 0) for name in names}
