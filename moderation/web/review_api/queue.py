"""The review endpoints of the queue."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Comment
from moderation.models import Reviewable
from moderation.models.reviewable import ReviewableQuerySet
from moderation.review.queue import actions, blind, campaigns, queue
from moderation.web.review_api import requests
from moderation.web.review_api.base import ReviewView
from moderation.web.review_api.filters import QueueFilterSet
from moderation.web.review_api.queue_serializers import (
    ClaimResultsSerializer,
    QueueCountsSerializer,
    ReleaseResultSerializer,
)
from moderation.web.review_api.serializers import (
    ClaimedCommentSerializer,
    ReviewableSerializer,
)


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
        entries, alike = campaigns.as_one(
            page, self.stands_for_others, user=self.user, now=timezone.now()
        )
        blind.hide_entries(entries)
        for row in entries:
            row.near_duplicates = alike.get(row.pk)  # type: ignore[attr-defined]
        return entries


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


class EscalateView(ReviewView):
    """Escalation to the owners."""

    queryset = Comment.objects.select_related("site", "author")
    lookup_url_kwarg = "comment_id"
    not_found = "There is no such comment."

    @extend_schema(request=requests.EscalationSerializer, responses={204: None})
    def post(self, request: Request, comment_id: UUID) -> Response:
        """Escalate a comment that waits to the owners of its site."""
        why = self.validated_body(requests.EscalationSerializer)["why"]
        comment = self.get_object()
        actions.escalate(comment, moderator=self.user, why=why, now=timezone.now())
        return Response(status=204)
