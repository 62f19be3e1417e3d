"""Checks and feedback: texts that are screened without being stored, and labels for training."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.http.openapi import IDEMPOTENCY_KEY
from comments.models import Comment, Scope
from moderation.screening import labels
from moderation.screening.preview import preview_drafts
from moderation.web.plugin_api import serializers
from moderation.web.plugin_api.base import KeyView


class CheckTextsView(KeyView):
    """Screening of texts without storing them."""

    scope = Scope.CHECKS

    @extend_schema(
        request=serializers.ChecksSerializer, responses=serializers.CheckResultsSerializer
    )
    def post(self, request: Request) -> Response:
        """Screen up to 1,000 texts as comments would be; nothing is stored."""
        check = serializers.CheckSerializer()
        items = self.validated_body(serializers.ChecksSerializer)["items"]
        drafts = [check.create(item) for item in items]
        previews = preview_drafts(drafts, site=self.site, now=timezone.now())
        return Response({"results": serializers.CheckResultSerializer(previews, many=True).data})


class FeedbackView(KeyView):
    """Labels for texts, from which the site's classifier learns."""

    scope = Scope.FEEDBACK

    @extend_schema(
        request=serializers.FeedbackSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={201: serializers.LabelCountSerializer},
    )
    def post(self, request: Request) -> Response:
        """Store labels for texts or comments; the site's classifier learns from them."""
        items = self.validated_body(serializers.FeedbackSerializer)["items"]
        labelled = self._labelled(items)
        return self.idempotent(lambda: self._store(labelled))

    def _store(self, labelled: list[labels.LabelledText]) -> Response:
        number = labels.store_labels(labelled, site=self.site, by=self.key, now=timezone.now())
        return Response({"labels": number}, status=201)

    def _labelled(self, items: list[dict[str, Any]]) -> list[labels.LabelledText]:
        ids = [item["comment_id"] for item in items if "comment_id" in item]
        comments = Comment.objects.filter(site=self.site).in_bulk(ids)
        if missing := [pk for pk in ids if pk not in comments]:
            raise problems.Problem(404, "comment-gone", f"There is no comment {missing[0]}.")
        return [_labelled(item, comments) for item in items]


def _labelled(item: dict[str, Any], comments: Mapping[UUID, Comment]) -> labels.LabelledText:
    if "comment_id" in item:
        return labels.labelled_comment(comments[item["comment_id"]], item["labels"])
    return labels.LabelledText(**item)
