"""Checks and feedback: texts that are looked at without being stored, and what they really were."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.models import Comment, Scope
from moderation.screening import labels, preview
from moderation.web.plugin_api import serializers
from moderation.web.plugin_api.base import KeyView
from moderation.web.shared.schema import IDEMPOTENCY_KEY, PROBLEMS

TEXT = {"text": "Buy now!!! https://pills.example", "author_ip": "198.51.100.7"}
ASKED = OpenApiExample("Two texts", request_only=True, value={"items": [TEXT, {"text": "Thanks"}]})
TOLD = OpenApiExample(
    "Spam, and no insult",
    request_only=True,
    value={"items": [{"text": TEXT["text"], "labels": {"SPAM": True, "INSULT": False}}]},
)


class ChecksView(KeyView):
    """What the house rules would say."""

    scope = Scope.CHECKS

    @extend_schema(
        request=serializers.ChecksSerializer,
        examples=[ASKED],
        responses={200: serializers.CheckedAnswer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Look at up to 1,000 texts as at comments; nothing is stored."""
        serializer = serializers.ChecksSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        check = serializers.CheckSerializer()
        drafts = [check.create(item) for item in serializer.validated_data["items"]]
        previews = preview.preview_drafts(drafts, site=self.site, now=timezone.now())
        return Response({"results": serializers.CheckedSerializer(previews, many=True).data})


class FeedbackView(KeyView):
    """What texts really were."""

    scope = Scope.FEEDBACK

    @extend_schema(
        request=serializers.FeedbackSerializer,
        parameters=[IDEMPOTENCY_KEY],
        examples=[TOLD],
        responses={201: serializers.FeedbackAnswer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Keep labels of texts or comments; the classifier of the site learns from them."""
        serializer = serializers.FeedbackSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        items: list[dict[str, Any]] = serializer.validated_data["items"]
        labelled = self._labelled(items)
        return self.idempotent(request, lambda: self._keep(labelled))

    def _keep(self, labelled: list[labels.LabelledText]) -> Response:
        number = labels.store_labels(labelled, site=self.site, now=timezone.now())
        return Response({"labels": number}, status=201)

    def _labelled(self, items: list[dict[str, Any]]) -> list[labels.LabelledText]:
        wanted = [item["comment_id"] for item in items if "comment_id" in item]
        comments = Comment.objects.filter(site=self.site).in_bulk(wanted)
        if missing := [pk for pk in wanted if pk not in comments]:
            raise problems.Problem(404, "comment-gone", f"There is no comment {missing[0]}.")
        return [_labelled(item, comments) for item in items]


def _labelled(item: dict[str, Any], comments: Mapping[UUID, Comment]) -> labels.LabelledText:
    if "comment_id" in item:
        return labels.labelled_comment(comments[item["comment_id"]], item["labels"])
    return labels.LabelledText(**item)
