"""The review endpoints of decisions about comments."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.http.openapi import IDEMPOTENCY_KEY
from moderation.decisions import decide
from moderation.models import Decision
from moderation.review.queue import actions
from moderation.web.review_api import requests
from moderation.web.review_api.base import ReviewView
from moderation.web.review_api.queue_serializers import DecisionResultsSerializer
from moderation.web.review_api.serializers import DecisionSerializer


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
