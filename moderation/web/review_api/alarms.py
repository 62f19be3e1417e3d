"""Alarms: at which length or age of the queue a site's moderators are notified."""

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
from moderation.web.review_api.base import OneSiteView
from moderation.web.review_api.requests import SiteChoiceSerializer


class AlarmSerializer(serializers.ModelSerializer[Alarm]):
    """The thresholds of a queue, and how to notify; what is left out is off."""

    class Meta:
        model = Alarm
        read_only_fields: tuple[str, ...] = ("long_since", "old_since", "last_error")
        fields: tuple[str, ...] = (*Alarm.SETTINGS, *read_only_fields)

    def validate_url(self, url: str) -> str:
        """Raise ValidationError for a URL that must not be called."""
        if url:
            try:
                http_client.check(url)
            except http_client.Unreachable as error:
                raise serializers.ValidationError(str(error)) from None
        return url


class AlarmView(OneSiteView):
    """The alarm of one site that the caller owns."""

    read_role = write_role = Role.OWNER
    serializer_class = AlarmSerializer

    @extend_schema(operation_id="read_alarm", parameters=[SiteChoiceSerializer])
    def get(self, request: Request) -> Response:
        """Return the alarm of a site that the caller owns; where none is set, all is off."""
        site = self.chosen_site()
        alarm = Alarm.objects.filter(site=site).first() or Alarm(site=site)
        return Response(AlarmSerializer(alarm).data)

    @extend_schema(operation_id="set_alarm", parameters=[SiteChoiceSerializer])
    def put(self, request: Request) -> Response:
        """Set the alarm of a site that the caller owns."""
        site = self.chosen_site()
        data = self.validated_body(AlarmSerializer)
        off: dict[str, Any] = {"queue_size": None, "queue_hours": None, "digest_hour": None}
        values = {**off, "by_mail": True, "url": "", **data}
        alarm, _ = Alarm.objects.update_or_create(site=site, defaults=values)
        detail = {"changed": sorted(data)}
        audit.record(
            AuditAction.ALARM_SET, site=site, by=self.user, now=timezone.now(), detail=detail
        )
        return Response(AlarmSerializer(alarm).data)
