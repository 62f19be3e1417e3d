"""Threads for readers: pages of a tree, the page around a comment, the rest of a branch."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from comments.databases import replica
from comments.http import problems
from comments.http.openapi import IDEMPOTENCY_KEY
from comments.http.pagination import LARGEST_PAGE, PAGE_SIZE, ThreadQuery
from comments.http.views import get_or_not_found
from comments.models import Comment, Site, Thread, site_lookup
from comments.models.compiled import columns
from comments.threads import counting, cursors, reading
from comments.threads.cursors import Sort
from moderation.web.public_api import response_cache, trees
from moderation.web.public_api.base import SiteView
from moderation.web.public_api.schema import CommentPageSerializer, RepliesPageSerializer
from moderation.web.shared import submission_serializers
from moderation.web.shared.own_comment_serializers import OwnCommentSerializer
from moderation.web.shared.submit import submit

Acted = TypeVar("Acted")
THREAD = OpenApiParameter("thread", str, description="The page: its address or its key.")
EDIT_TOKEN = OpenApiParameter(
    "X-Edit-Token", str, OpenApiParameter.HEADER, description="Up to 50, with commas between."
)


class RepliesQuerySerializer(serializers.Serializer[Any]):
    """The query parameters that select replies of a branch."""

    after = serializers.UUIDField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, default=PAGE_SIZE)


class CommentsView(SiteView):
    """The comments of a thread."""

    @extend_schema(
        operation_id="list_comments",
        parameters=[
            THREAD,
            EDIT_TOKEN,
            OpenApiParameter("sort", str, enum=list(Sort)),
            OpenApiParameter("limit", int, description="Top-level comments a page, 1 to 100."),
            OpenApiParameter("cursor", str, description="From `next` or `previous`."),
            OpenApiParameter("around", UUID, description="A comment that the page must show."),
        ],
        responses=CommentPageSerializer,
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        """List a thread as a tree: pages of top-level comments, each with its first replies.

        Approved comments only, and the caller's own that wait, when it shows their edit tokens.
        """
        if not (name := request.query_params.get("thread")):
            raise problems.Problem(400, "thread-missing", "Say which page: ?thread=address or key.")
        query = ThreadQuery(data=request.query_params).to_tree_query()
        # The version is read before the comments, so that these are never older than it.
        thread = Thread.objects.find(self.site, name)
        own = response_cache.own_state(thread.pk, self.edit_tokens()) if thread else ()
        state = (
            response_cache.CacheState(thread.pk, thread.version, own)
            if thread
            else response_cache.CacheState()
        )
        try:
            page, count = _read(thread, query, own={pk for pk, _, _ in own})
        except reading.CommentNotFound as error:
            raise NotFound(str(error)) from None
        content = JSONRenderer().render(self._page(page, count, query=query, name=name))
        response_cache.names.learn(slug, name, thread)
        return response_cache.remember(request._request, content, state)

    @extend_schema(
        request=submission_serializers.SubmissionSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={201: OwnCommentSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Post a comment: it is stored, then screened, and public only when approved."""
        return self._by_the_site_as_it_is(lambda: submit(request, request.data, site=self.site))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Load the site; recall it for a post, whose lookup compares it before all is stored."""
        self._by_the_site_as_it_is(
            lambda: super(CommentsView, self).initial(request, *args, **kwargs)
        )

    def load_site(self, slug: str) -> None:
        """Look the site up, or recall it for a post."""
        site = site_lookup.recall_site(slug) if self.request.method == "POST" else None
        if site is None:
            super().load_site(slug)
        else:
            self.site = site

    def _by_the_site_as_it_is(self, act: Callable[[], Acted]) -> Acted:
        """Do something; once more where it fails and the site is another than was recalled."""
        try:
            return act()
        except Exception:
            if not self._site_has_changed():
                raise
        return act()

    def _site_has_changed(self) -> bool:
        """Look a site up that was recalled, and tell whether it has changed since."""
        recalled = getattr(self, "site", None)
        if recalled is None or not site_lookup.is_recalled(recalled):
            return False
        super().load_site(recalled.slug)
        self._refuse_foreign(self.request)
        values = [getattr(self.site, name) for name in columns(Site)]
        return site_lookup.has_changed(recalled, values)

    def _page(
        self, page: reading.TreePage, count: int, *, query: reading.TreeQuery, name: str
    ) -> dict[str, Any]:
        here = self.request.build_absolute_uri(self.request.path)
        parameters = {"thread": name, "sort": query.sort.value, "limit": query.limit}
        return {
            "count": count,
            "next": _page_url(here, parameters, page.next),
            "previous": _page_url(here, parameters, page.previous),
            "results": trees.nested(page.nodes, replies_next=lambda top: _replies_url(here, top)),
        }


class RepliesView(SiteView):
    """The replies of a branch that a page leaves out."""

    @extend_schema(
        operation_id="list_replies",
        parameters=[
            EDIT_TOKEN,
            OpenApiParameter("after", UUID, description="The reply that came last."),
            OpenApiParameter("limit", int, description="Replies a page, 1 to 100."),
        ],
        responses=RepliesPageSerializer,
    )
    def get(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """List the replies below a top-level comment, oldest first, each behind its parent."""
        query = self.validated_query(RepliesQuerySerializer)
        tops = Comment.objects.filter(site=self.site, parent=None).select_related("thread")
        top = get_or_not_found(
            tops, "There is no such comment at the top of a page.", pk=comment_id
        )
        limit, after = query["limit"], query.get("after")
        own = self.edit_tokens()
        branch = replica.read_thread(
            top.thread, lambda: reading.replies(top, after=after, limit=limit, own=own), own=own
        )
        address = request.build_absolute_uri(request.path)
        query_of_next = urlencode({"after": branch.after, "limit": limit})
        return Response(
            {
                "next": f"{address}?{query_of_next}" if branch.after else None,
                "left": branch.remaining,
                "results": trees.flat(branch.nodes),
            },
            headers={"Cache-Control": "no-cache"},
        )


def _read(
    thread: Thread | None, query: reading.TreeQuery, *, own: Collection[UUID]
) -> tuple[reading.TreePage, int]:
    """Return a page of a thread, and the number of all of its comments."""

    def read() -> tuple[reading.TreePage, int]:
        return reading.page(thread, query, own=own), counting.count(thread) if thread else 0

    return replica.read_thread(thread, read, own=own)


def _page_url(here: str, parameters: Mapping[str, Any], place: cursors.Cursor | None) -> str | None:
    """Return the URL of the page that begins at a cursor."""
    return f"{here}?{urlencode({**parameters, 'cursor': cursors.encode(place)})}" if place else None


def _replies_url(here: str, top: reading.Node) -> str | None:
    """Return the URL of the replies that a page leaves out below a comment."""
    after = urlencode({"after": top.after})
    return f"{here}/{top.comment.pk}/replies?{after}" if top.after else None
