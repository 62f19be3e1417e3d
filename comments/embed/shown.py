"""What the thread page shows of a thread."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from comments import avatars, reading
from comments.http.paging import Pages
from comments.models import Site, Thread

ORDERINGS = {"newest": "-id", "oldest": "id"}


def thread(
    request: HttpRequest, thread: Thread | None, *, site: Site, name: str, own: UUID | None
) -> dict[str, Any]:
    """Return a page of a thread: its nodes, what leads to other pages, in which order it is."""
    mine = {own} if own else set()
    sort = request.GET.get("sort", "")
    pages = Pages()
    pages.ordering = ORDERINGS.get(sort, "-id")
    nodes = reading.tree(pages.for_people(reading.roots(thread, own=mine), request), own=mine)
    for node in _walk(nodes):
        node.comment.avatar = avatars.seed(node.comment)  # type: ignore[attr-defined]
    return {
        "nodes": nodes,
        "count": reading.counts(site, [name])[name],
        "previous": pages.get_previous_link(),
        "next": pages.get_next_link(),
        "sort": sort if sort in ORDERINGS else "newest",
        "orders": {"newest": _("Newest first"), "oldest": _("Oldest first")},
    }


def _walk(nodes: Sequence[reading.Node]) -> Iterator[reading.Node]:
    for node in nodes:
        yield node
        yield from _walk(node.replies)
