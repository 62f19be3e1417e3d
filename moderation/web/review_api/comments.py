"""The review endpoint of one comment."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Comment
from moderation.models import Appeal, Decision, Reviewable
from moderation.review.people import reports
from moderation.review.queue import blind, context
from moderation.screening import classifier
from moderation.web.review_api.base import ReviewView
from moderation.web.review_api.comment_detail import CommentDetailSerializer


class CommentDetailView(ReviewView):
    """One comment, with everything known about it."""

    lookup_url_kwarg = "comment_id"
    not_found = "There is no such comment."
    serializer_class = CommentDetailSerializer
    queryset = Comment.objects.select_related(
        "site", "thread", "author", "parent__site", "parent__thread", "parent__author"
    )

    def get_queryset(self) -> QuerySet[Comment]:
        """Return the comments with their decisions, what these rest on, and their reports."""
        decisions = Decision.objects.select_related("decided_by", "policy")
        explained = Prefetch("decisions", decisions.prefetch_related("findings"))
        return super().get_queryset().prefetch_related(explained, "reports")

    @extend_schema(operation_id="review_comments_retrieve")
    def get(self, request: Request, comment_id: UUID) -> Response:
        """Return the text, the findings, the author's record, the reports, and the decisions."""
        comment = self.get_object()
        is_blind = bool(blind.hide([comment]))
        blind.hide(filter(None, [comment.parent]))
        comment.waiting = Reviewable.objects.open().filter(comment=comment).first()
        comment.came_from = context.same_origin(comment)
        comment.around = context.thread_context(comment)
        comment.author_record = blind.record(comment.author) if comment.author else {}
        given = classifier.classifier_input(comment)
        comment.text_read = given["text"]
        comment.explanations = [] if is_blind else _explanations(given)
        comment.shown_decisions = list(comment.decisions.all())
        if is_blind:
            comment.shown_decisions = blind.without_screening(
                comment.shown_decisions, revision=comment.revision
            )
        filed = [] if is_blind else list(comment.reports.all())
        comment.shown_reports = reports.add_records(filed, now=timezone.now())
        comment.appeals = Appeal.objects.filter(decision__comment=comment)
        return Response(CommentDetailSerializer(comment).data)


def _explanations(given: classifier.ClassifierInput) -> list[dict[str, Any]]:
    try:
        explained = classifier.explain(given)
    except classifier.ClassifierAway:
        return []
    return [
        {
            "category": category,
            "spans": [{"start": s, "end": e, "weight": w} for s, e, w in why.spans],
            "features": why.features,
            "bias": why.bias,
            "method": why.method,
        }
        for category, why in explained.items()
    ]
