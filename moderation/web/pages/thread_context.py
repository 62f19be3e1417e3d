"""What the thread page shows of a thread."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError

from comments.http.pagination import ThreadQuery
from comments.models import Site, Thread
from comments.text import avatars
from comments.threads import cursors, reading
from comments.threads.cursors import Sort

# Replies of a branch on a page of its own.
BRANCH_SIZE = 50


def thread(
    request: HttpRequest,
    thread: Thread | None,
    *,
    site: Site,
    query: dict[str, str],
    own: set[UUID],
) -> dict[str, Any]:
    """Return a page of a thread: its nodes, what leads to other pages, in which order it is.

    `query` is what links of the page keep. Raises Http404 for a part that there is not.
    """
    asked = ThreadQuery(data=request.GET)
    try:
        wanted = asked.to_tree_query()
        page = _branch(asked, thread, own) or reading.page(thread, wanted, own=own)
    except (NotFound, ValidationError, reading.CommentNotFound):
        raise Http404("There is no such part of this thread.") from None
    for node in _walk(page.nodes):
        node.comment.avatar = avatars.seed(node.comment)  # type: ignore[attr-defined]
    orders = {Sort.NEWEST: _("Newest first"), Sort.OLDEST: _("Oldest first")}
    return {
        "nodes": page.nodes,
        "count": reading.count(thread) if thread else 0,
        "previous": _turned(query, page.previous),
        "next": _turned(query, page.next),
        "sort": wanted.sort,
        "orders": {**orders, **({Sort.BEST: _("Best first")} if site.votes else {})},
    }


def _branch(asked: ThreadQuery, thread: Thread | None, own: set[UUID]) -> reading.TreePage | None:
    """Return the page of a branch behind one of its replies, where that is asked for."""
    branch, after = asked.validated_data.get("branch"), asked.validated_data.get("after")
    if branch is None or thread is None:
        return None
    top = reading.roots(thread, own=own).filter(pk=branch).first()
    if top is None:
        raise reading.CommentNotFound("There is no such branch.")
    top.thread = thread
    return reading.TreePage([reading.replies(top, after=after, limit=BRANCH_SIZE, own=own).top])


def _turned(query: dict[str, str], place: cursors.Cursor | None) -> str:
    """Return the query for the page that begins at a place."""
    return f"?{urlencode({**query, 'cursor': cursors.write(place)})}" if place else ""


def _walk(nodes: Sequence[reading.Node]) -> Iterator[reading.Node]:
    for node in nodes:
        yield node
        yield from _walk(node.replies)
