"""The review endpoints of the queue, and of decisions about comments."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.http.openapi import IDEMPOTENCY_KEY
from comments.models import Comment
from moderation.decisions import decide
from moderation.models import Appeal, Decision, Reviewable
from moderation.models.reviewable import ReviewableQuerySet
from moderation.review.people import reports
from moderation.review.queue import actions, blind, campaigns, context, queue
from moderation.screening import classifier
from moderation.web.review_api import requests
from moderation.web.review_api.base import ReviewView
from moderation.web.review_api.comment_detail import CommentDetailSerializer
from moderation.web.review_api.filters import QueueFilterSet
from moderation.web.review_api.queue_serializers import (
    ClaimResultsSerializer,
    DecisionResultsSerializer,
    QueueCountsSerializer,
    ReleaseResultSerializer,
)
from moderation.web.review_api.serializers import (
    ClaimedCommentSerializer,
    DecisionSerializer,
    ReviewableSerializer,
)

NO_COMMENT = "There is no such comment."


@extend_schema_view(get=extend_schema(operation_id="review_queue_retrieve"))
class QueueView(ReviewView, ListAPIView[Any]):
    """List the comments that wait for a person, the most urgent first."""

    queryset = Reviewable.objects.all()
    serializer_class = ReviewableSerializer
    filterset_class = QueueFilterSet
    # Where near-duplicates are listed as one: the queue with all of them.
    stands_for_others: ReviewableQuerySet | None = None

    def paginate_queryset(self, queryset: Any) -> Any:
        """Return a page of entries, each with how many are like it."""
        page: Any = super().paginate_queryset(queryset)
        shown, alike = campaigns.as_one(
            page, self.stands_for_others, user=self.user, now=timezone.now()
        )
        blind.hide_entries(shown)
        for row in shown:
            row.near_duplicates = alike.get(row.pk)  # type: ignore[attr-defined]
        return shown


class QueueCountsView(ReviewView):
    """Numbers of what waits."""

    @extend_schema(responses=QueueCountsSerializer)
    def get(self, request: Request) -> Response:
        """Return how many comments wait, in all and by why, category and site."""
        return Response(queue.counts(self.sites(), user=self.user, now=timezone.now()))


class ClaimView(ReviewView):
    """Claims of comments in the queue."""

    @extend_schema(request=requests.ClaimSerializer, responses=ClaimResultsSerializer)
    def post(self, request: Request) -> Response:
        """Claim the most urgent that match and nobody holds; no other moderator gets them."""
        data = self.validated_body(requests.ClaimSerializer)
        limit, lease = data.pop("limit"), timedelta(seconds=data.pop("seconds"))
        claims = actions.claim(
            requests.to_queue_filters(data),
            moderator=self.user,
            limit=limit,
            lease=lease,
            now=timezone.now(),
        )
        blind.hide_entries(claims)
        for claim in claims:
            claim.comment.claim = claim  # type: ignore[attr-defined]
        comments = [claim.comment for claim in claims]
        return Response({"results": ClaimedCommentSerializer(comments, many=True).data})


class ReleaseView(ReviewView):
    """Releases of claims."""

    @extend_schema(request=requests.ReleaseSerializer, responses=ReleaseResultSerializer)
    def post(self, request: Request) -> Response:
        """Release comments that the caller has claimed."""
        comments = self.validated_body(requests.ReleaseSerializer)["comments"]
        return Response({"released": actions.release(comments, moderator=self.user)})


class CommentDetailView(ReviewView):
    """One comment, with everything known about it."""

    lookup_url_kwarg = "comment_id"
    not_found = NO_COMMENT
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


class EscalateView(ReviewView):
    """Escalation to the owners."""

    queryset = Comment.objects.select_related("site", "author")
    lookup_url_kwarg = "comment_id"
    not_found = NO_COMMENT

    @extend_schema(request=requests.EscalationSerializer, responses={204: None})
    def post(self, request: Request, comment_id: UUID) -> Response:
        """Escalate a comment that waits to the owners of its site."""
        why = self.validated_body(requests.EscalationSerializer)["why"]
        comment = self.get_object()
        actions.escalate(comment, moderator=self.user, why=why, now=timezone.now())
        return Response(status=204)


class DecisionView(ReviewView):
    """A decision about one comment."""

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=requests.DecisionRequestSerializer,
        responses={201: DecisionSerializer},
    )
    def post(self, request: Request, comment_id: UUID) -> Response:
        """Decide; 409 when the author has changed the text since it was read."""
        data = self.validated_body(requests.DecisionRequestSerializer)
        decision = requests.to_decision_request(data, comment_id)
        return self.idempotent(lambda: self._decide(decision))

    def _decide(self, decision: actions.DecisionRequest) -> Response:
        (outcome,) = actions.decide_all([decision], moderator=self.user, now=timezone.now())
        if isinstance(outcome, decide.DecisionRefused):
            raise outcome
        return Response(DecisionSerializer(outcome).data, status=201)


class DecisionsView(ReviewView):
    """Decisions about many comments."""

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=requests.DecisionRequestsSerializer,
        responses={200: DecisionResultsSerializer},
    )
    def post(self, request: Request) -> Response:
        """Decide about up to 500 comments; each is answered with its decision or a problem.

        A faulty item spoils no other. Of a comment that is there twice, the first item counts.
        """
        items = self.validated_body(requests.DecisionRequestsSerializer)["decisions"]
        return self.idempotent(lambda: self._decide(items))

    def _decide(self, items: Sequence[Any]) -> Response:
        first: dict[UUID, actions.DecisionRequest] = {}
        for item in items:
            if not isinstance(item, ValidationError):
                decision = requests.to_decision_request(item, item["comment"])
                first.setdefault(decision.comment_id, decision)
        decided = actions.decide_all(list(first.values()), moderator=self.user, now=timezone.now())
        outcomes = dict(zip(first, decided, strict=True))
        sent: Any = self.request.data
        pairs = zip(items, sent["decisions"], strict=True)
        return Response({"results": [_result(item, raw, outcomes) for item, raw in pairs]})


class UndoView(ReviewView):
    """Undoing of a decision."""

    queryset = Decision.objects.select_related("overrides")
    site_lookup = "comment__site"
    lookup_url_kwarg = "decision_id"
    not_found = "There is no such decision."

    @extend_schema(parameters=[IDEMPOTENCY_KEY], request=None, responses={201: DecisionSerializer})
    def post(self, request: Request, decision_id: UUID) -> Response:
        """Undo a moderator's decision that is still effective; the former one counts again."""
        decision = self.get_object()
        return self.idempotent(lambda: self._undo(decision))

    def _undo(self, decision: Decision) -> Response:
        undone = actions.undo(decision, moderator=self.user, now=timezone.now())
        return Response(DecisionSerializer(undone).data, status=201)


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


def _result(
    item: Any, sent: Any, outcomes: dict[UUID, Decision | decide.DecisionRefused]
) -> dict[str, Any]:
    """Return the result for one item; the outcome of a comment is for its first item alone."""
    if isinstance(item, ValidationError):
        errors = problems.field_errors(item)
        comment = str(sent.get("comment", ""))[:100] if isinstance(sent, dict) else ""
        problem = _problem(problems.INVALID, problems.FIELDS_REFUSED) | {"errors": errors}
        return {"comment": comment, "status": 400, "problem": problem}
    comment_id = item["comment"]
    outcome = outcomes.pop(comment_id, None)
    if outcome is None:
        problem = _problem("sent-twice", "An earlier item is about the same comment.")
        return {"comment": comment_id, "status": 409, "problem": problem}
    if isinstance(outcome, decide.DecisionRefused):
        status = problems.REFUSALS[outcome.code]
        problem = _problem(outcome.code, str(outcome))
        return {"comment": comment_id, "status": status, "problem": problem}
    return {"comment": comment_id, "status": 201, "decision": DecisionSerializer(outcome).data}


def _problem(code: str, detail: str) -> dict[str, Any]:
    return {"type": problems.BASE + code, "detail": detail}
