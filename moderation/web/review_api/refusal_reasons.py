"""The review endpoint of the reasons for refusals that a site offers."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.models import RefusalReason
from moderation.review.queue import refusal_reasons
from moderation.web.review_api.base import OneSiteView
from moderation.web.review_api.requests import SiteChoiceSerializer


class RefusalReasonSerializer(serializers.ModelSerializer[RefusalReason]):
    """A reason: its key is the `reason` of a decision."""

    text = serializers.CharField(help_text="Told to the author; empty: what the cause is about.")
    cause = serializers.CharField(help_text="What a refusal for it teaches; empty: nothing.")

    class Meta:
        model = RefusalReason
        fields = ("key", "label", "text", "cause", "is_illegal")
        read_only_fields = fields


class RefusalReasonListSerializer(serializers.Serializer[Any]):
    """The reasons that a site offers, in the order of their numbers."""

    reasons = RefusalReasonSerializer(many=True)


class RefusalReasonsView(OneSiteView):
    """The reasons that a site offers."""

    @extend_schema(
        operation_id="review_refusal_reasons",
        parameters=[SiteChoiceSerializer],
        responses=RefusalReasonListSerializer,
    )
    def get(self, request: Request) -> Response:
        """List the reasons by which moderators refuse, in the order of their numbers."""
        site = self.chosen_site().pk
        offered = {"reasons": refusal_reasons.offered([site])[site]}
        return Response(RefusalReasonListSerializer(offered).data)
