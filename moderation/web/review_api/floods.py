"""Flood mode: see whether it is on at a site, and switch it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Site
from moderation.insight import floods
from moderation.web.review_api.base import OneSiteView
from moderation.web.review_api.requests import SiteChoiceSerializer


class FloodSerializer(serializers.Serializer[Any]):
    """Whether flood mode is on: what new authors write waits, and forms ask for a proof of work."""

    on = serializers.BooleanField(source="in_flood")
    since = serializers.DateTimeField(source="flood_since", read_only=True, allow_null=True)
    by_hand = serializers.BooleanField(
        source="flood_by_hand",
        read_only=True,
        help_text="A person switched it on: it stays for a day at the least.",
    )


class FloodView(OneSiteView):
    """Flood mode of one site."""

    serializer_class = FloodSerializer

    @extend_schema(operation_id="read_flood", parameters=[SiteChoiceSerializer])
    def get(self, request: Request) -> Response:
        """Return whether flood mode is on."""
        return Response(FloodSerializer(self.chosen_site()).data)

    @extend_schema(operation_id="set_flood", parameters=[SiteChoiceSerializer])
    def put(self, request: Request) -> Response:
        """Switch flood mode on or off. It does both by itself, too."""
        site = self.chosen_site()
        switch = floods.begin if self.validated_body(FloodSerializer)["in_flood"] else floods.end
        switch(site, by=self.user, now=timezone.now())
        return Response(FloodSerializer(Site.objects.get(pk=site.pk)).data)
