"""The review endpoint of alarms: when a site's people are told that the queue is long or old."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Role
from moderation.decisions import audit
from moderation.models import Alarm, AuditAction
from moderation.notifications.webhooks import http_client
from moderation.web.review_api.policy import ONE_SITE, RulesView
from moderation.web.shared.schema import PROBLEMS


class AlarmSerializer(serializers.ModelSerializer[Alarm]):
    """The limits of a queue, and whom to tell; what is not sent is off."""

    class Meta:
        model = Alarm
        fields: tuple[str, ...] = (
            "queue_size",
            "queue_hours",
            "digest_hour",
            "by_mail",
            "url",
            "shape",
            "long_since",
            "old_since",
            "last_error",
        )
        read_only_fields: tuple[str, ...] = ("long_since", "old_since", "last_error")

    def validate_url(self, url: str) -> str:
        """Refuse an address that can't be asked."""
        if url:
            try:
                http_client.check(url)
            except http_client.Unreachable as error:
                raise serializers.ValidationError(str(error)) from None
        return url


class AlarmView(RulesView):
    """The alarm of one site."""

    @extend_schema(
        operation_id="read_alarm", parameters=ONE_SITE, responses={200: AlarmSerializer, **PROBLEMS}
    )
    def get(self, request: Request) -> Response:
        """Return the alarm of a site that the caller owns; one that tells nothing where none is."""
        site = self.asked_site(Role.OWNER)
        alarm = Alarm.objects.filter(site=site).first() or Alarm(site=site)
        return Response(AlarmSerializer(alarm).data)

    @extend_schema(
        operation_id="set_alarm",
        parameters=ONE_SITE,
        request=AlarmSerializer,
        responses={200: AlarmSerializer, **PROBLEMS},
    )
    def put(self, request: Request) -> Response:
        """Set the alarm of a site that the caller owns."""
        site = self.asked_site(Role.OWNER)
        serializer = AlarmSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        off: dict[str, Any] = {"queue_size": None, "queue_hours": None, "digest_hour": None}
        wanted = {**off, "by_mail": True, "url": "", **serializer.validated_data}
        alarm, _ = Alarm.objects.update_or_create(site=site, defaults=wanted)
        detail = {"changed": sorted(serializer.validated_data)}
        audit.record(
            AuditAction.ALARM_SET, site=site, by=self.user, now=timezone.now(), detail=detail
        )
        return Response(AlarmSerializer(alarm).data)
