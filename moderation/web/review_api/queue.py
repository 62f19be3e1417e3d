"""The review endpoints: each checks its input and makes one call."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.http.pagination import Pages
from comments.models import Comment, Role
from moderation.decisions import decide
from moderation.models import Appeal, Decision, Reviewable
from moderation.review.queue import actions, context, queue
from moderation.screening import classifier
from moderation.web.review_api import requests, serializers
from moderation.web.review_api.base import ReviewView
from moderation.web.review_api.comment_detail import CommentDetailSerializer
from moderation.web.review_api.schema import (
    BulkAnswer,
    ClaimAnswer,
    QueueCounts,
    QueuePage,
    ReleaseAnswer,
)
from moderation.web.shared.schema import IDEMPOTENCY_KEY, PROBLEMS


class QueueView(ReviewView):
    """The queue."""

    @extend_schema(
        parameters=[
            requests.QueueListSerializer,
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses={200: QueuePage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """List the comments that wait for a person, the most urgent first."""
        filters = requests.QueueListSerializer(data=request.query_params)
        filters.is_valid(raise_exception=True)
        order, wanted = requests.to_wanted(filters.validated_data)
        found = queue.select(wanted, sites=self.sites(), user=self.user, now=timezone.now())
        pages = Pages()
        pages.ordering = queue.ORDERS[order]
        page = pages.paginate_queryset(found.with_comments(), request, view=self)
        return pages.get_paginated_response(
            serializers.ReviewableSerializer(page or [], many=True).data
        )


class QueueCountsView(ReviewView):
    """How much waits."""

    @extend_schema(responses={200: QueueCounts, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """Return how many comments wait, in all and by why, category and site."""
        return Response(queue.counts(self.sites(), user=self.user, now=timezone.now()))


class ClaimView(ReviewView):
    """Taking comments from the queue."""

    @extend_schema(request=requests.ClaimSerializer, responses={200: ClaimAnswer, **PROBLEMS})
    def post(self, request: Request) -> Response:
        """Take the most urgent that match and nobody holds; no other moderator gets them."""
        serializer = requests.ClaimSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data
        limit, lease = asked.pop("limit"), timedelta(seconds=asked.pop("seconds"))
        _, wanted = requests.to_wanted(asked)
        taken = actions.claim(
            wanted, moderator=self.user, limit=limit, lease=lease, now=timezone.now()
        )
        for claim in taken:
            claim.comment.claim = claim  # type: ignore[attr-defined]
        comments = [claim.comment for claim in taken]
        claimed = serializers.ClaimedCommentSerializer(comments, many=True)
        return Response({"results": claimed.data})


class ReleaseView(ReviewView):
    """Giving comments back to the queue."""

    @extend_schema(request=requests.ReleaseSerializer, responses={200: ReleaseAnswer, **PROBLEMS})
    def post(self, request: Request) -> Response:
        """Give back comments that the caller holds."""
        serializer = requests.ReleaseSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        comments = serializer.validated_data["comments"]
        return Response({"released": actions.release(comments, moderator=self.user)})


class ReviewCommentView(ReviewView):
    """One comment, with everything known about it."""

    @extend_schema(responses={200: CommentDetailSerializer, **PROBLEMS})
    def get(self, request: Request, comment_id: UUID) -> Response:
        """Return the text, the findings, the author's record, the reports, and the decisions."""
        decisions = Decision.objects.select_related("decided_by", "policy")
        comment = (
            Comment.objects.filter(pk=comment_id, site__in=self.sites())
            .select_related("site", "thread", "author", "parent__site", "parent__thread")
            .select_related("parent__author")
            .prefetch_related(
                Prefetch("decisions", decisions.prefetch_related("findings")), "reports"
            )
            .first()
        )
        if comment is None:
            raise exceptions.NotFound("There is no such comment.")
        comment.waiting = Reviewable.objects.open().filter(comment=comment).first()  # type: ignore[attr-defined]
        comment.came_from = context.same_origin(comment)  # type: ignore[attr-defined]
        comment.around = context.thread_context(comment)  # type: ignore[attr-defined]
        comment.author_record = comment.author.record() if comment.author else {}  # type: ignore[attr-defined]
        comment.explanations = _explanations(comment)  # type: ignore[attr-defined]
        comment.appeals = Appeal.objects.filter(decision__comment=comment)  # type: ignore[attr-defined]
        return Response(CommentDetailSerializer(comment).data)


class EscalateView(ReviewView):
    """Leaving a comment to the owners."""

    @extend_schema(request=requests.EscalationSerializer, responses={204: None, **PROBLEMS})
    def post(self, request: Request, comment_id: UUID) -> Response:
        """Leave a comment that waits to the owners of its site."""
        serializer = requests.EscalationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        actions.escalate(
            self.comment(comment_id, Role.MODERATOR),
            moderator=self.user,
            why=serializer.validated_data["why"],
            now=timezone.now(),
        )
        return Response(status=204)


class DecisionView(ReviewView):
    """Deciding about one comment."""

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=requests.DecisionRequestSerializer,
        responses={201: serializers.DecisionSerializer, **PROBLEMS},
    )
    def post(self, request: Request, comment_id: UUID) -> Response:
        """Decide; 409 when the author has changed the text since it was read."""
        serializer = requests.DecisionRequestSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        ruling = requests.to_ruling(serializer.validated_data, comment_id)
        return self.idempotent(request, lambda: self._decide(ruling))

    def _decide(self, ruling: actions.DecisionRequest) -> Response:
        (answer,) = actions.decide_all([ruling], moderator=self.user, now=timezone.now())
        if isinstance(answer, decide.DecisionRefused):
            raise answer
        return Response(serializers.DecisionSerializer(answer).data, status=201)


class DecisionsView(ReviewView):
    """Deciding about many comments."""

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=requests.DecisionRequestsSerializer,
        responses={200: BulkAnswer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Decide about up to 500 comments; each is answered with its decision or a problem."""
        serializer = requests.DecisionRequestsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        rulings = [
            requests.to_ruling(ruling, ruling["comment"])
            for ruling in serializer.validated_data["decisions"]
        ]
        return self.idempotent(request, lambda: self._decide(rulings))

    def _decide(self, rulings: Sequence[actions.DecisionRequest]) -> Response:
        answers = actions.decide_all(rulings, moderator=self.user, now=timezone.now())
        results = [_answer(ruling, answer) for ruling, answer in zip(rulings, answers, strict=True)]
        return Response({"results": results})


class UndoView(ReviewView):
    """Taking a decision back."""

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={201: serializers.DecisionSerializer, **PROBLEMS},
    )
    def post(self, request: Request, decision_id: UUID) -> Response:
        """Undo a moderator's decision that still stands; what counted before counts again."""
        decisions = Decision.objects.filter(comment__site__in=self.sites(Role.MODERATOR))
        decision = decisions.select_related("overrides").filter(pk=decision_id).first()
        if decision is None:
            raise exceptions.NotFound("There is no such decision.")
        return self.idempotent(request, lambda: self._undo(decision))

    def _undo(self, decision: Decision) -> Response:
        undone = actions.undo(decision, moderator=self.user, now=timezone.now())
        return Response(serializers.DecisionSerializer(undone).data, status=201)


def _explanations(comment: Comment) -> list[dict[str, Any]]:
    try:
        explained = classifier.explain(comment)
    except classifier.ClassifierAway:
        return []
    return [
        {
            "category": category,
            "spans": [{"start": s, "end": e, "weight": w} for s, e, w in why.spans],
            "features": why.features,
            "bias": why.bias,
        }
        for category, why in explained.items()
    ]


def _answer(
    ruling: actions.DecisionRequest, answer: Decision | decide.DecisionRefused
) -> dict[str, OpenApiTypes | Any]:
    if isinstance(answer, decide.DecisionRefused):
        problem = {"type": problems.BASE + answer.code, "detail": str(answer)}
        return {
            "comment": ruling.comment_id,
            "status": problems.REFUSALS[answer.code],
            "problem": problem,
        }
    decision = serializers.DecisionSerializer(answer).data
    return {"comment": ruling.comment_id, "status": 201, "decision": decision}
