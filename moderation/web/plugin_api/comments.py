"""Comments, for a site's own servers."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from comments.accounts import single_sign_on
from comments.http.openapi import IDEMPOTENCY_KEY
from comments.http.requests import validate
from comments.models import Comment, Scope
from moderation.intake import changes, receive
from moderation.rules.verdicts import Verdict
from moderation.web.plugin_api.base import KeyView
from moderation.web.plugin_api.filters import SiteCommentFilterSet
from moderation.web.plugin_api.serializers import (
    CommentChangesSerializer,
    SiteCommentSerializer,
    VouchedSubmissionSerializer,
)
from moderation.web.shared.own_comment_serializers import OwnCommentSerializer
from moderation.web.shared.submit import own


class SiteCommentsView(ListModelMixin, KeyView):
    """The comments of the site."""

    scope = Scope.COMMENTS
    queryset = Comment.objects.select_related("thread")
    serializer_class = SiteCommentSerializer
    filterset_class = SiteCommentFilterSet

    @extend_schema(operation_id="site_list_comments")
    def get(self, request: Request) -> Response:
        """List the site's comments in any status."""
        return self.list(request)

    @extend_schema(
        operation_id="site_post_comment",
        request=VouchedSubmissionSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={201: OwnCommentSerializer},
    )
    def post(self, request: Request) -> Response:
        """Post a comment for a reader; it is stored, then screened, and public when approved."""
        return self.idempotent(lambda: self._receive(request.data))

    # In one transaction: a sign-on token is used up only by a comment that was stored.
    @transaction.atomic
    def _receive(self, data: Any) -> Response:
        now = timezone.now()
        token = data.get("sign_on") if isinstance(data, dict) else None
        reader = None
        if token:
            reader = single_sign_on.sign_on(str(token), site=self.site, now=now)
            data = _named(data, reader)
        context = {"site": self.site, "signed_on": reader is not None}
        serializer = VouchedSubmissionSerializer(data=data, context=context)
        validate(serializer)
        submission = serializer.vouched(by=str(self.key.pk), reader=reader)
        comment = receive.receive(submission, site=self.site, now=now, limited=False)
        return Response(own(comment), status=201)


def _named(data: dict[str, Any], reader: single_sign_on.SignedOnReader) -> dict[str, Any]:
    return {**data, "author_name": reader.name, "author_email": reader.email}


class SiteCommentView(RetrieveModelMixin, KeyView):
    """One comment of the site."""

    scope = Scope.COMMENTS
    queryset = Comment.objects.select_related("thread", "site")
    lookup_url_kwarg = "comment_id"
    not_found = "There is no such comment."
    serializer_class = SiteCommentSerializer

    @extend_schema(operation_id="site_read_comment")
    def get(self, request: Request, comment_id: UUID) -> Response:
        """Return a comment in whatever status it is."""
        return self.retrieve(request)

    @extend_schema(operation_id="site_change_comment", request=CommentChangesSerializer)
    def patch(self, request: Request, comment_id: UUID) -> Response:
        """Replace the text, which is screened again, or decide about the comment."""
        comment = self.get_object()
        data = self.validated_body(CommentChangesSerializer)
        if "body" in data:
            changes.replace_text(comment, body=data["body"], key=self.key, now=timezone.now())
        else:
            verdict = Verdict(data["verdict"])
            changes.decide_for_site(
                comment,
                verdict,
                reasoning=data["reasoning"],
                key=self.key,
                now=timezone.now(),
            )
        return self.retrieve(request)

    @extend_schema(operation_id="site_delete_comment", responses={204: None})
    def delete(self, request: Request, comment_id: UUID) -> Response:
        """Delete the comment; its replies stay under a tombstone.

        Moderators see what was deleted after their decision, and may restore it: then 409.
        """
        comment, now = self.get_object(), timezone.now()
        changes.decide_for_site(comment, Verdict.DELETE, key=self.key, now=now)
        return Response(status=204)
