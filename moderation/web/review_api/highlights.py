"""The review endpoint that pins and features comments."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Comment
from moderation.review.queue import highlights
from moderation.web.review_api.base import ReviewView


class HighlightSerializer(serializers.Serializer[Any]):
    """What lifts a published comment out of its thread; what is not sent stays as it is."""

    pinned = serializers.BooleanField(
        required=False, help_text="To the top of the thread: comments without a parent, three most."
    )
    featured = serializers.BooleanField(required=False, help_text="Marked as worth reading.")


class HighlightView(ReviewView):
    """Pins, and marks as featured."""

    queryset = Comment.objects.select_related("site")
    lookup_url_kwarg = "comment_id"
    not_found = "There is no such comment."

    @extend_schema(request=HighlightSerializer, responses={200: HighlightSerializer})
    def patch(self, request: Request, comment_id: UUID) -> Response:
        """Pin or feature a comment, or take that back; return how it stands."""
        changes = self.validated_body(HighlightSerializer)
        comment, now = self.get_object(), timezone.now()
        with transaction.atomic():
            if "pinned" in changes:
                highlights.pin(comment, pinned=changes["pinned"], by=self.user, now=now)
            if "featured" in changes:
                highlights.feature(comment, featured=changes["featured"], by=self.user, now=now)
        comment.refresh_from_db()
        state = {"pinned": comment.pinned_at is not None, "featured": comment.featured}
        return Response(state)
