"""Reading: threads as trees, in pages of a bounded size, without a query for each comment."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from comments.models import Comment, Site, Status, Thread
from comments.models.comment import visible
from comments.models.thread import canonical
from comments.threads.cursors import Cursor, Sort, beyond, order

# Replies that a page shows for each of its comments at the top, on an average.
REPLIES = 2
# What no reader sees.
UNSEEN = ("body", "body_digest", "network_digest", "user_agent", "intake")


@dataclass(frozen=True, slots=True)
class Node:
    """A comment in its place; of a tombstone nothing but the place may be shown.

    At the top of a branch, `left` is how many replies are not shown, all of them `after` that id.
    """

    comment: Comment
    is_tombstone: bool
    replies: list["Node"] = field(default_factory=list)
    left: int = 0
    after: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeQuery:
    """The part of a thread that is asked for: `limit` comments at the top, from a place on.

    `around` is a comment that must be shown; the page begins with the top of its branch.
    """

    sort: Sort = Sort.NEWEST
    limit: int = 20
    place: Cursor | None = None
    around: UUID | None = None


class TreePage(NamedTuple):
    """A part of a thread, and where the next one and the one before begin, if there are any."""

    nodes: list[Node]
    next: Cursor | None = None
    previous: Cursor | None = None


class Replies(NamedTuple):
    """Some replies of a branch, one by one, and how many come `after` them.

    `top` is the top of the branch with the same replies as a tree.
    """

    nodes: list[Node]
    left: int
    after: UUID | None
    top: Node


class CommentNotFound(Exception):
    """There is no such comment for the reader in this thread."""


def page(thread: Thread | None, wanted: TreeQuery, *, own: Collection[UUID] = ()) -> TreePage:
    """Return a page of a thread as a reader sees it, who wrote the comments `own`.

    Branches are cut so that the page has about three comments for each one at the top, however
    large they are. Five queries, and one more for each level of tombstones. Raises CommentNotFound.
    """
    if thread is None:
        return TreePage([])
    target = _target(thread, wanted.around, own)
    place, backwards = wanted.place, bool(wanted.place and wanted.place.backwards)
    rows = roots(thread, own=own)
    if target:
        top = target if target.root is None else target.root
        place, backwards = Cursor(top.pk, top.best), False
    if place:
        rows = rows.filter(beyond(wanted.sort, place, inclusive=bool(target)))
    ordered = rows.order_by(*order(wanted.sort, backwards=backwards))
    found = list(ordered.defer(*UNSEEN)[: wanted.limit + 1])
    tops = found[: wanted.limit][:: -1 if backwards else 1]
    nodes = tree(tops, thread, own=own, room=REPLIES * wanted.limit, target=target)
    has_more = len(found) > wanted.limit
    before = Cursor(tops[0].pk, tops[0].best, backwards=True) if tops else None
    if target and before:
        is_first = not roots(thread, own=own).filter(beyond(wanted.sort, before)).exists()
        before = None if is_first else before
    return TreePage(
        nodes,
        next=Cursor(tops[-1].pk, tops[-1].best) if tops and (has_more or backwards) else None,
        previous=before if (has_more if backwards else bool(place)) else None,
    )


def roots(thread: Thread, *, own: Collection[UUID] = ()) -> QuerySet[Comment]:
    """Return the comments at the top of a thread that a reader may see.

    A comment that is gone stays as a tombstone while something public hangs below it.
    """
    # Naming the thread here, too, keeps the database from looking at the replies of all others.
    survives = Comment.objects.filter(root=OuterRef("pk"), thread=thread, status=Status.APPROVED)
    return Comment.objects.filter(visible(own) | Q(Exists(survives)), thread=thread, parent=None)


def tree(
    tops: Sequence[Comment],
    thread: Thread,
    *,
    own: Collection[UUID] = (),
    room: int,
    target: Comment | None = None,
) -> list[Node]:
    """Return the comments of `tops` with the first replies below each, `room` of them in all.

    The replies of a branch are those written first, and `target` whichever it is.
    """
    sizes = _sizes(tops, own)
    each = share(sizes.values(), room)
    shown = list(first_replies(sizes, each, own)) if sizes else []
    nodes = _nodes(tops, thread, [*shown, *([target] if target and target.root else [])], own=own)
    return [_cut(nodes[top.pk], shown, sizes) for top in tops]


def replies(
    top: Comment, *, after: UUID | None = None, limit: int, own: Collection[UUID] = ()
) -> Replies:
    """Return the replies below a comment at the top that were written after another one.

    They come one by one, each behind its parent. What a reply hangs on comes along where it was
    not among those before: a tombstone, or the parent in an import whose clock went astray.
    """
    all_of_it = below(top, own=own)
    shown = list((all_of_it.filter(pk__gt=after) if after else all_of_it)[:limit])
    nodes = _nodes([top], top.thread, shown, own=own)
    last = shown[-1].pk if shown else after
    left = all_of_it.filter(pk__gt=last).count() if len(shown) == limit and last else 0
    fresh = [
        node
        for pk, node in nodes.items()
        if pk != top.pk and (node.is_tombstone or after is None or pk > after)
    ]
    fresh.sort(key=lambda node: (node.comment.depth, node.comment.pk))
    after = last if left else None
    return Replies(fresh, left, after, replace(nodes[top.pk], left=left, after=after))


def below(top: Comment, *, own: Collection[UUID] = ()) -> QuerySet[Comment]:
    """Return the replies below a comment at the top that a reader may see, the first one first."""
    return Comment.objects.filter(visible(own), root=top).order_by("pk").defer(*UNSEEN)


def first_replies(sizes: Mapping[UUID, int], each: int, own: Collection[UUID]) -> QuerySet[Comment]:
    """Return the first replies of each branch, of which `sizes` has the size, by their ids."""
    replies = Comment.objects.filter(visible(own), root__in=list(sizes)).order_by("pk")
    if max(sizes.values(), default=0) > each:
        nth = Window(RowNumber(), partition_by=F("root"), order_by="pk")
        replies = replies.annotate(nth=nth).filter(nth__lte=each)
    return replies.defer(*UNSEEN)


def share(sizes: Iterable[int], room: int) -> int:
    """Return how many each may have at most, so that all fit into the room: small ones keep all.

    Where there is no room for one of each, each has one all the same.
    """
    ascending = sorted(sizes)
    for position, size in enumerate(ascending):
        each = room // (len(ascending) - position)
        if size > each:
            return max(each, 1)
        room -= size
    return ascending[-1] if ascending else 0


def count(thread: Thread) -> int:
    """Return how many public comments a thread has."""
    return Comment.objects.filter(thread=thread, status=Status.APPROVED).count()


def counts(site: Site, names: Sequence[str]) -> dict[str, int]:
    """Return how many public comments each of the named threads has, in two queries."""
    threads = dict(Thread.objects.named(site, *names).values_list("key", "pk"))
    public = Comment.objects.filter(thread__in=threads.values(), status=Status.APPROVED)
    numbers = dict(public.values_list("thread").annotate(n=Count("pk")).order_by())
    return {name: numbers.get(threads.get(canonical(name)), 0) for name in names}


def _target(thread: Thread, wanted: UUID | None, own: Collection[UUID]) -> Comment | None:
    if wanted is None:
        return None
    seen = Comment.objects.filter(visible(own), thread=thread, pk=wanted)
    target = seen.select_related("root").defer(*UNSEEN).first()
    if target is None:
        raise CommentNotFound("There is no such comment on this page.")
    return target


def _sizes(tops: Sequence[Comment], own: Collection[UUID]) -> Mapping[UUID, int]:
    """Return how many replies a reader may see below each of the tops that has any."""
    below = Comment.objects.filter(visible(own), root__in=[top.pk for top in tops])
    return dict(below.values_list("root").annotate(n=Count("pk")).order_by())


def _nodes(
    tops: Sequence[Comment], thread: Thread, shown: Sequence[Comment], *, own: Collection[UUID]
) -> dict[UUID, Node]:
    """Return the nodes of the replies `shown`, of what they hang on, and of `tops`, linked."""
    replies = {reply.pk: reply for reply in shown}
    known = {top.pk for top in tops}
    while missing := {r.parent_id for r in replies.values() if r.parent_id} - known - set(replies):
        above = Comment.objects.filter(pk__in=missing).defer(*UNSEEN)
        replies |= {reply.pk: reply for reply in above}
    nodes: dict[UUID, Node] = {}
    for comment in (*tops, *replies.values()):
        comment.thread = thread
        nodes[comment.pk] = Node(comment, _is_tombstone(comment, own=own))
    for pk in sorted(replies):
        if parent := replies[pk].parent_id:
            nodes[parent].replies.append(nodes[pk])
    return nodes


def _cut(top: Node, shown: Sequence[Comment], sizes: Mapping[UUID, int]) -> Node:
    """Return a node at the top that tells what is not shown below it."""
    own = [reply.pk for reply in shown if reply.root_id == top.comment.pk]
    left = sizes.get(top.comment.pk, 0) - len(own)
    return replace(top, left=left, after=own[-1] if left > 0 else None)


def _is_tombstone(comment: Comment, *, own: Collection[UUID]) -> bool:
    waiting = comment.status in (Status.PENDING, Status.HELD) and comment.pk in own
    return comment.status != Status.APPROVED and not waiting
