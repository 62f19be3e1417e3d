"""The review endpoint of near-duplicates: decide about all of them as one."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http.openapi import IDEMPOTENCY_KEY
from moderation.review.queue import actions, decide_as_one
from moderation.web.review_api.base import ReviewView
from moderation.web.review_api.bulk import BulkJobSerializer
from moderation.web.review_api.requests import DecisionRequestSerializer, to_decision_request


class DecideAsOneView(ReviewView):
    """A decision about a comment and all that wait like it."""

    @extend_schema(
        operation_id="decide_as_one",
        parameters=[IDEMPOTENCY_KEY],
        request=DecisionRequestSerializer,
        responses={202: BulkJobSerializer},
    )
    def post(self, request: Request, comment_id: UUID) -> Response:
        """Decide about a comment and its near-duplicates in the queue, in one job.

        Those at other sites that the caller moderates count, too. Undoing the job undoes it all.
        """
        data = self.validated_body(DecisionRequestSerializer)
        decision = to_decision_request(data, comment_id)
        return self.idempotent(lambda: self._decide(decision))

    def _decide(self, decision: actions.DecisionRequest) -> Response:
        job = decide_as_one.decide(decision, moderator=self.user, now=timezone.now())
        return Response(BulkJobSerializer(job).data, status=202)
