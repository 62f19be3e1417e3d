"""Comments, for a site's own servers."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from comments.accounts import single_sign_on
from comments.http.pagination import Pages
from comments.models import Comment, Scope, Thread
from comments.models.ids import first_id_of
from moderation.intake import changes, receive
from moderation.rules.verdicts import Verdict
from moderation.web.plugin_api import serializers
from moderation.web.plugin_api.base import KeyView
from moderation.web.plugin_api.schema import SiteCommentPage
from moderation.web.shared import comment_serializers as public
from moderation.web.shared.schema import IDEMPOTENCY_KEY, PROBLEMS
from moderation.web.shared.submit import own

POSTED = OpenApiExample(
    "A reader's comment",
    request_only=True,
    value={
        "thread": {"url": "https://gazette.example/elections", "title": "Elections"},
        "author_name": "Ann",
        "author_email": "ann@reader.example",
        "author_ip": "198.51.100.7",
        "user_agent": "Mozilla/5.0",
        "body": "Thank you for *this*.",
    },
)
REFUSED = OpenApiExample(
    "A decision of the site's own", value={"verdict": "REJECT"}, request_only=True
)


class SiteCommentsView(KeyView):
    """The comments of the site."""

    scope = Scope.COMMENTS

    @extend_schema(
        operation_id="site_list_comments",
        parameters=[
            serializers.CommentFilterSerializer,
            OpenApiParameter("limit", int, description="A page, 1 to 100."),
            OpenApiParameter("cursor", str, description="From `next`."),
        ],
        responses={200: SiteCommentPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """List the site's comments in any status."""
        filters = serializers.CommentFilterSerializer(data=request.query_params)
        filters.is_valid(raise_exception=True)
        wanted = filters.validated_data
        comments = Comment.objects.filter(site=self.site).select_related("thread")
        if "status" in wanted:
            comments = comments.filter(status=wanted["status"])
        if "thread" in wanted:
            named = Thread.objects.named(self.site, wanted["thread"])
            comments = comments.filter(thread__in=list(named))
        if "since" in wanted:
            comments = comments.filter(pk__gte=first_id_of(wanted["since"]))
        pages = Pages()
        pages.ordering = "id" if wanted["order"] == "oldest" else "-id"
        page = pages.paginate_queryset(comments, request, view=self)
        return pages.get_paginated_response(
            serializers.SiteCommentSerializer(page or [], many=True).data
        )

    @extend_schema(
        operation_id="site_post_comment",
        request=serializers.VouchedSubmissionSerializer,
        parameters=[IDEMPOTENCY_KEY],
        examples=[POSTED],
        responses={201: public.OwnCommentSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Take a comment for a reader; it is stored, then screened, and public when approved."""
        return self.idempotent(request, lambda: self._receive(request.data))

    # In one transaction: a sign-on token is used up only by a comment that was taken.
    @transaction.atomic
    def _receive(self, data: Any) -> Response:
        now = timezone.now()
        token = data.get("sign_on") if isinstance(data, dict) else None
        if token:
            reader = single_sign_on.sign_on(str(token), site=self.site, now=now)
            data = {**data, "author_name": reader.name, "author_email": reader.email}
        serializer = serializers.VouchedSubmissionSerializer(data=data, context={"site": self.site})
        serializer.is_valid(raise_exception=True)
        submission = serializer.vouched(by=str(self.key.pk), verified=bool(token))
        received = receive.receive(submission, site=self.site, now=now, limited=False)
        return Response(own(received.comment), status=201)


class SiteCommentView(KeyView):
    """One comment of the site."""

    scope = Scope.COMMENTS

    @extend_schema(
        operation_id="site_read_comment",
        responses={200: serializers.SiteCommentSerializer, **PROBLEMS},
    )
    def get(self, request: Request, comment_id: UUID) -> Response:
        """Return a comment in whatever status it is."""
        return Response(serializers.SiteCommentSerializer(self._comment(comment_id)).data)

    @extend_schema(
        operation_id="site_change_comment",
        request=serializers.ChangesSerializer,
        examples=[REFUSED],
        responses={200: serializers.SiteCommentSerializer, **PROBLEMS},
    )
    def patch(self, request: Request, comment_id: UUID) -> Response:
        """Give the comment a new text, which is screened again, or decide where it stands."""
        comment = self._comment(comment_id)
        serializer = serializers.ChangesSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted: dict[str, Any] = serializer.validated_data
        if "body" in wanted:
            changes.replace_text(comment, body=wanted["body"], now=timezone.now())
        else:
            verdict = Verdict(wanted["verdict"])
            changes.decide_for_site(
                comment, verdict, reasoning=wanted["reasoning"], now=timezone.now()
            )
        return Response(serializers.SiteCommentSerializer(self._comment(comment_id)).data)

    @extend_schema(operation_id="site_delete_comment", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, comment_id: UUID) -> Response:
        """Delete the comment; its replies stay under a tombstone."""
        changes.decide_for_site(self._comment(comment_id), Verdict.DELETE, now=timezone.now())
        return Response(status=204)

    def _comment(self, comment_id: UUID) -> Comment:
        comments = Comment.objects.filter(site=self.site).select_related("thread", "site")
        comment = comments.filter(pk=comment_id).first()
        if comment is None:
            raise NotFound("There is no such comment.")
        return comment
