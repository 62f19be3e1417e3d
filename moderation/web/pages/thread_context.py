"""The template context of a thread: a page of its comments, and links to other pages."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError

from comments.databases import replica
from comments.http.pagination import ThreadQuery
from comments.models import Site, Thread
from comments.text import avatars
from comments.threads import counting, cursors, reading
from comments.threads.cursors import Sort

# Replies on the page of a branch.
BRANCH_SIZE = 50


def thread(
    request: HttpRequest,
    thread: Thread | None,
    *,
    site: Site,
    query: dict[str, str],
    own: set[UUID],
) -> dict[str, Any]:
    """Return a page of the thread: nodes, the queries of the next and previous page, the order.

    `query` has the parameters that links keep, `own` the comments that their author sees before
    they are published. Raises Http404 for an invalid cursor or an unknown branch.
    """
    parameters = ThreadQuery(data=request.GET)
    try:
        tree_query = parameters.to_tree_query()
        page, is_gone, count = replica.read_thread(
            thread, lambda: _read(parameters, tree_query, thread, own), own=own
        )
    except (NotFound, ValidationError, reading.CommentNotFound):
        raise Http404("There is no such part of this thread.") from None
    for node in _walk(page.nodes):
        node.comment.avatar = avatars.seed(node.comment)  # type: ignore[attr-defined]
    orders = {Sort.NEWEST: _("Newest first"), Sort.OLDEST: _("Oldest first")}
    return {
        "nodes": page.nodes,
        "is_gone": is_gone,
        "count": count,
        "previous": _page_query(query, page.previous),
        "next": _page_query(query, page.next),
        "sort": tree_query.sort,
        "orders": {**orders, **({Sort.BEST: _("Best first")} if site.votes else {})},
    }


def _read(
    parameters: ThreadQuery, query: reading.TreeQuery, thread: Thread | None, own: set[UUID]
) -> tuple[reading.TreePage, bool, int]:
    """Return a page, whether the comment that it shall show is gone, and the number of comments."""
    count = counting.count(thread) if thread else 0
    try:
        page = _branch(parameters, thread, own) or reading.page(thread, query, own=own)
    except reading.CommentNotFound:
        # A link to a comment that was deleted leads to the page that it was on.
        if query.around is None:
            raise
        return reading.page(thread, replace(query, around=None), own=own), True, count
    return page, False, count


def _branch(
    parameters: ThreadQuery, thread: Thread | None, own: set[UUID]
) -> reading.TreePage | None:
    """Return the replies of `?branch=` that follow `?after=`; None without a branch."""
    data = parameters.validated_data
    branch, after = data.get("branch"), data.get("after")
    if branch is None or thread is None:
        return None
    top = reading.roots(thread, own=own).filter(pk=branch).first()
    if top is None:
        raise reading.CommentNotFound("There is no such branch.")
    top.thread = thread
    return reading.TreePage([reading.replies(top, after=after, limit=BRANCH_SIZE, own=own).root])


def _page_query(query: dict[str, str], cursor: cursors.Cursor | None) -> str:
    """Return the query string for the page at a cursor, empty without one."""
    return f"?{urlencode({**query, 'cursor': cursors.encode(cursor)})}" if cursor else ""


def _walk(nodes: Sequence[reading.Node]) -> Iterator[reading.Node]:
    for node in nodes:
        yield node
        yield from _walk(node.replies)
