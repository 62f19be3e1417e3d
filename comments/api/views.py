"""The public endpoints: each checks its input and makes one call."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from comments import reading, tokens
from comments.api import serializers
from comments.api.schema import CommentPage
from comments.api.site_view import SiteView
from comments.http import problems, shapes
from comments.http.paging import Pages
from comments.http.parsing import client_address
from comments.http.schema import PROBLEMS, CountsAnswer
from comments.http.submitting import CONSENT, own, submit
from comments.models import Comment, Status, Thread
from moderation import appealing, intake, reporting
from moderation.models import Policy, ReportReason

FROM_SITE = (
    "min_seconds",
    "max_length",
    "max_depth",
    "require_name",
    "require_email",
    "allow_website",
    "votes",
    "notify",
    "edit_minutes",
)
# What is left of a comment that is gone but has replies.
TOMBSTONE = {
    "status": Status.DELETED,
    "author_name": "",
    "author_url": "",
    "body_html": "",
    "avatar": "",
    "votes": {"up": 0, "down": 0},
}
MOST_COUNTS = 200
THREAD = OpenApiParameter("thread", str, description="The page: its address or its key.")
EDIT_TOKEN = OpenApiParameter(
    "X-Edit-Token", str, OpenApiParameter.HEADER, description="Up to 50, with commas between."
)


class FormView(SiteView):
    """What a page needs to show the form."""

    @extend_schema(parameters=[THREAD], responses={200: serializers.FormSerializer, **PROBLEMS})
    def get(self, request: Request, slug: str) -> Response:
        """Issue a form: a signed token and the rules that the site has for posting."""
        now = timezone.now()
        token, decoy = tokens.issue_form(self.site, now=now)
        thread = Thread.objects.named(self.site, request.query_params.get("thread", "")).first()
        closed = thread is not None and Policy.objects.current(self.site).closes(thread, now=now)
        form = {
            "form_token": token,
            "decoy_field": decoy,
            "closed": closed,
            "consent": CONSENT,
            **{name: getattr(self.site, name) for name in FROM_SITE},
        }
        answer = serializers.FormSerializer(form).data
        return Response(answer, headers={"Cache-Control": "no-store"})


class CommentsView(SiteView):
    """The comments of a page: read them, or add one."""

    @extend_schema(
        operation_id="list_comments",
        parameters=[
            THREAD,
            EDIT_TOKEN,
            OpenApiParameter("sort", str, enum=["newest", "oldest"]),
            OpenApiParameter("limit", int, description="Top-level comments a page, 1 to 100."),
            OpenApiParameter("cursor", str, description="From `next`."),
        ],
        responses={200: CommentPage, **PROBLEMS},
    )
    @method_decorator(conditional_page)
    @method_decorator(cache_control(no_cache=True))
    def get(self, request: Request, slug: str) -> Response:
        """List a thread as a tree: pages of top-level comments, each with all its replies.

        Approved comments only, and the caller's own that wait, when it shows their edit tokens.
        """
        if not (name := request.query_params.get("thread")):
            raise problems.Problem(400, "thread-missing", "Say which page: ?thread=address or key.")
        thread = Thread.objects.named(self.site, name).first()
        mine = self.shown_tokens()
        pages = Pages()
        pages.ordering = "id" if request.query_params.get("sort") == "oldest" else "-id"
        tops = pages.paginate_queryset(reading.roots(thread, own=mine), request, view=self) or []
        nodes = reading.tree(tops, own=mine)
        return pages.get_paginated_response(_trees(nodes))

    @extend_schema(
        request=shapes.SubmissionSerializer,
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)],
        responses={201: shapes.OwnCommentSerializer, **PROBLEMS},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Take a comment: it is stored, then screened, and public only when approved."""
        return submit(request, request.data, site=self.site)


class CommentView(SiteView):
    """One comment: read it, or, with its edit token, change it or take it back."""

    @extend_schema(
        operation_id="read_comment",
        parameters=[EDIT_TOKEN],
        responses={200: shapes.CommentSerializer, **PROBLEMS},
    )
    def get(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Return a public comment, or the caller's own in whatever state it is."""
        if comment_id in self.shown_tokens():
            return Response(own(self.own_comment(comment_id)))
        comments = Comment.objects.public().select_related("thread")
        comment = comments.filter(site=self.site, pk=comment_id).first()
        if comment is None:
            raise NotFound("There is no such comment.")
        return Response(shapes.CommentSerializer(comment).data)

    @extend_schema(
        request=serializers.EditSerializer,
        parameters=[EDIT_TOKEN],
        responses={200: shapes.OwnCommentSerializer, **PROBLEMS},
    )
    def patch(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Give the comment a new text; it is screened again."""
        serializer = serializers.EditSerializer(data=request.data, context={"site": self.site})
        serializer.is_valid(raise_exception=True)
        revised = intake.revise(
            self.own_comment(comment_id),
            body=serializer.validated_data["body"],
            now=timezone.now(),
        )
        return Response(own(revised))

    @extend_schema(request=None, parameters=[EDIT_TOKEN], responses={204: None, **PROBLEMS})
    def delete(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Take the comment back."""
        intake.withdraw(self.own_comment(comment_id), now=timezone.now())
        return Response(status=204)


class ReportView(SiteView):
    """Readers' complaints."""

    @extend_schema(
        request=serializers.ReportSerializer,
        responses={201: serializers.ReportSerializer, **PROBLEMS},
    )
    def post(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Report a public comment to the moderators."""
        serializer = serializers.ReportSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        public = Comment.objects.public().filter(site=self.site)
        comment = public.select_related("site").filter(pk=comment_id).first()
        if comment is None:
            raise NotFound("There is no such comment.")
        reporting.report(
            comment,
            reason=ReportReason(serializer.validated_data["reason"]),
            text=serializer.validated_data["text"],
            address=client_address(request),
            now=timezone.now(),
        )
        return Response(serializer.validated_data, status=201)


class AppealView(SiteView):
    """Authors' objections."""

    @extend_schema(
        request=serializers.AppealSerializer,
        parameters=[EDIT_TOKEN],
        responses={201: serializers.AppealSerializer, **PROBLEMS},
    )
    def post(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Ask for another look at a comment that was refused."""
        serializer = serializers.AppealSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        comment = self.own_comment(comment_id)
        text = serializer.validated_data["text"]
        appeal = appealing.submit(comment, text=text, now=timezone.now())
        return Response({"text": appeal.text}, status=201)


class CountsView(SiteView):
    """Numbers of comments, for lists of articles."""

    @extend_schema(
        parameters=[OpenApiParameter("thread", OpenApiTypes.STR, many=True)],
        responses={200: CountsAnswer, **PROBLEMS},
    )
    @method_decorator(conditional_page)
    def get(self, request: Request, slug: str) -> Response:
        """Return how many public comments each of up to 200 pages has."""
        names = request.query_params.getlist("thread")
        if len(names) > MOST_COUNTS:
            raise problems.Problem(400, "too-many-threads", f"Ask for {MOST_COUNTS} at most.")
        return Response({"counts": reading.counts(self.site, names)})


def _trees(nodes: Sequence[reading.Node]) -> list[dict[str, Any]]:
    """Return the nodes as they are answered; all in one pass, since setting up a serializer costs
    more than using it."""
    walked = list(_walk(nodes))
    rows = shapes.CommentSerializer([node.comment for node in walked], many=True).data
    shown = {
        node.comment.pk: {**row, **(TOMBSTONE if node.is_tombstone else {})}
        for node, row in zip(walked, rows, strict=True)
    }
    for node in walked:
        shown[node.comment.pk]["replies"] = [shown[reply.comment.pk] for reply in node.replies]
    return [shown[node.comment.pk] for node in nodes]


def _walk(nodes: Sequence[reading.Node]) -> Iterator[reading.Node]:
    for node in nodes:
        yield node
        yield from _walk(node.replies)
