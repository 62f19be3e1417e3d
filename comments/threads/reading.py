"""Read threads as trees, in pages of bounded size, without a query for each comment."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from comments.models import Comment, Status, Thread
from comments.models.comment import visible
from comments.threads import cursors
from comments.threads.cursors import Cursor, Sort
from comments.threads.fair_share import fair_share

# Replies that a page loads for each of its root comments, on average.
REPLIES_PER_ROOT = 2
# Fields that are not loaded, since no reader sees them.
DEFERRED_FIELDS = ("body", "body_digest", "network_digest", "user_agent", "intake")


@dataclass(frozen=True, slots=True)
class Node:
    """A comment and the replies below it; of a tombstone, only its position is public.

    On a root comment, `remaining` counts the replies that are not loaded, all of which come
    `after` that id.
    """

    comment: Comment
    is_tombstone: bool
    replies: list["Node"] = field(default_factory=list)
    remaining: int = 0
    after: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeQuery:
    """Which page of a thread to read: at most `limit` root comments from a cursor on.

    `around` is a comment that the page must include; the page begins with the root of its branch.
    """

    sort: Sort = Sort.NEWEST
    limit: int = 20
    cursor: Cursor | None = None
    around: UUID | None = None


class TreePage(NamedTuple):
    """A page of a thread, and the cursors of the next and the previous one, if there are any."""

    nodes: list[Node]
    next: Cursor | None = None
    previous: Cursor | None = None


class ReplyPage(NamedTuple):
    """A page of a branch's replies, flat; `remaining` ones come `after` it; `root` is the tree."""

    nodes: list[Node]
    remaining: int
    after: UUID | None
    root: Node


class CommentNotFound(Exception):
    """There is no such comment for the reader in this thread."""


def page(thread: Thread | None, query: TreeQuery, *, own: Collection[UUID] = ()) -> TreePage:
    """Return a page of a thread as seen by the reader who wrote the comments `own`.

    Branches are truncated, so that a page has about three comments for each root comment, however
    large the branches are. Pinned comments come first, on the first page by NEWEST alone. Takes six
    queries, and one more for each level of tombstones. Raises CommentNotFound.
    """
    if thread is None:
        return TreePage([])
    target = _find_target(thread, query.around, own)
    pinned = _pinned(thread) if query.sort is Sort.NEWEST else []
    rows = roots(thread, own=own).exclude(pk__in=[comment.pk for comment in pinned])
    top = target and (target.root or target)
    cursor, backwards = query.cursor, bool(query.cursor and query.cursor.backwards)
    if top:
        # A pinned branch is on the first page, wherever it would stand by its age.
        cursor, backwards = None if top in pinned else _cursor(top), False
    if cursor:
        rows = rows.filter(cursors.after(query.sort, cursor, inclusive=bool(target)))
    ordered = rows.order_by(*cursors.ordering(query.sort, backwards=backwards))
    # One more than the page has, to know whether there is a next one.
    loaded = list(ordered.defer(*DEFERRED_FIELDS)[: query.limit + 1])
    page_roots = loaded[: query.limit][:: -1 if backwards else 1]
    has_more = len(loaded) > query.limit
    previous = _cursor(page_roots[0], backwards=True) if page_roots else None
    if target and previous:
        earlier = roots(thread, own=own).exclude(pk__in=[comment.pk for comment in pinned])
        is_first = not earlier.filter(cursors.after(query.sort, previous)).exists()
        previous = None if is_first else previous
    previous = previous if (has_more if backwards else bool(cursor)) else None
    page = page_roots if previous else [*pinned, *page_roots]
    return TreePage(
        tree(page, thread, own=own, budget=REPLIES_PER_ROOT * query.limit, target=target),
        next=_cursor(page_roots[-1]) if page_roots and (has_more or backwards) else None,
        previous=previous,
    )


def _pinned(thread: Thread) -> list[Comment]:
    """Return the public comments that stand above all others, the latest pinned first."""
    pinned = Comment.objects.public().filter(thread=thread, parent=None, pinned_at__isnull=False)
    return list(pinned.order_by("-pinned_at", "-pk").defer(*DEFERRED_FIELDS))


def roots(thread: Thread, *, own: Collection[UUID] = ()) -> QuerySet[Comment]:
    """Return the root comments of a thread that a reader may see.

    A removed comment stays as a tombstone while it has public replies.
    """
    # Naming the thread here, too, keeps the database from looking at the replies of all others.
    public = Comment.objects.filter(root=OuterRef("pk"), thread=thread, status=Status.APPROVED)
    return Comment.objects.filter(visible(own) | Q(Exists(public)), thread=thread, parent=None)


def tree(
    root_comments: Sequence[Comment],
    thread: Thread,
    *,
    own: Collection[UUID] = (),
    budget: int,
    target: Comment | None = None,
) -> list[Node]:
    """Return root comments with the first replies of each, at most `budget` replies in all.

    The replies of a branch are its oldest ones, and `target` wherever it is.
    """
    reply_counts = _reply_counts(root_comments, own)
    limit = fair_share(reply_counts.values(), budget)
    replies = list(first_replies(reply_counts, limit, own)) if reply_counts else []
    loaded = [*replies, *([target] if target and target.root else [])]
    nodes = _nodes(root_comments, thread, loaded, own=own)
    return [_truncated(nodes[root.pk], replies, reply_counts) for root in root_comments]


def replies(
    root: Comment, *, after: UUID | None = None, limit: int, own: Collection[UUID] = ()
) -> ReplyPage:
    """Return a page of the replies below a root comment, those with ids greater than `after`.

    The nodes are flat, each behind its parent. A parent comes along where an earlier page did not
    have it: a tombstone, or one from an import whose clock went astray.
    """
    visible_replies = descendants(root, own=own)
    loaded = list((visible_replies.filter(pk__gt=after) if after else visible_replies)[:limit])
    nodes = _nodes([root], root.thread, loaded, own=own)
    last = loaded[-1].pk if loaded else after
    is_full = len(loaded) == limit
    remaining = visible_replies.filter(pk__gt=last).count() if is_full and last else 0
    new_nodes = _new_nodes(nodes, root, after)
    after = last if remaining else None
    tree = replace(nodes[root.pk], remaining=remaining, after=after)
    return ReplyPage(new_nodes, remaining, after, tree)


def _new_nodes(nodes: Mapping[UUID, Node], root: Comment, after: UUID | None) -> list[Node]:
    """Return the nodes below a root that an earlier page did not have, parents first."""
    new = [
        node
        for pk, node in nodes.items()
        if pk != root.pk and (node.is_tombstone or after is None or pk > after)
    ]
    return sorted(new, key=lambda node: (node.comment.depth, node.comment.pk))


def descendants(root: Comment, *, own: Collection[UUID] = ()) -> QuerySet[Comment]:
    """Return the replies below a root comment that a reader may see, oldest first."""
    return Comment.objects.filter(visible(own), root=root).order_by("pk").defer(*DEFERRED_FIELDS)


def first_replies(
    sizes: Mapping[UUID, int], limit: int, own: Collection[UUID]
) -> QuerySet[Comment]:
    """Return the oldest `limit` replies of each branch, of which `sizes` has the number by root."""
    replies = Comment.objects.filter(visible(own), root__in=list(sizes)).order_by("pk")
    if max(sizes.values(), default=0) > limit:
        nth = Window(RowNumber(), partition_by=F("root"), order_by="pk")
        replies = replies.annotate(nth=nth).filter(nth__lte=limit)
    return replies.defer(*DEFERRED_FIELDS)


def _cursor(comment: Comment, *, backwards: bool = False) -> Cursor:
    return Cursor(comment.pk, comment.best, backwards)


def _find_target(thread: Thread, around: UUID | None, own: Collection[UUID]) -> Comment | None:
    if around is None:
        return None
    matches = Comment.objects.filter(visible(own), thread=thread, pk=around)
    target = matches.select_related("root").defer(*DEFERRED_FIELDS).first()
    if target is None:
        raise CommentNotFound("There is no such comment on this page.")
    return target


def _reply_counts(root_comments: Sequence[Comment], own: Collection[UUID]) -> Mapping[UUID, int]:
    """Return the number of visible replies by root id, of the roots that have any."""
    replies = Comment.objects.filter(visible(own), root__in=[root.pk for root in root_comments])
    return dict(replies.values_list("root").annotate(n=Count("pk")).order_by())


def _nodes(
    root_comments: Sequence[Comment],
    thread: Thread,
    loaded: Sequence[Comment],
    *,
    own: Collection[UUID],
) -> dict[UUID, Node]:
    """Return linked nodes of root comments, of loaded replies, and of all their ancestors."""
    replies = {reply.pk: reply for reply in loaded}
    root_ids = [root.pk for root in root_comments]
    while missing := {r.parent_id for r in replies.values() if r.parent_id} - {*root_ids, *replies}:
        ancestors = Comment.objects.filter(pk__in=missing).defer(*DEFERRED_FIELDS)
        replies |= {reply.pk: reply for reply in ancestors}
    nodes: dict[UUID, Node] = {}
    for comment in (*root_comments, *replies.values()):
        comment.thread = thread
        nodes[comment.pk] = Node(comment, _is_tombstone(comment, own=own))
    for pk in sorted(replies):
        if parent := replies[pk].parent_id:
            nodes[parent].replies.append(nodes[pk])
    return nodes


def _truncated(node: Node, replies: Sequence[Comment], reply_counts: Mapping[UUID, int]) -> Node:
    """Return a root node with the number of its replies that are not among `replies`."""
    loaded = [reply.pk for reply in replies if reply.root_id == node.comment.pk]
    remaining = reply_counts.get(node.comment.pk, 0) - len(loaded)
    return replace(node, remaining=remaining, after=loaded[-1] if remaining > 0 else None)


def _is_tombstone(comment: Comment, *, own: Collection[UUID]) -> bool:
    is_own_pending = comment.status in (Status.PENDING, Status.HELD) and comment.pk in own
    return comment.status != Status.APPROVED and not is_own_pending
