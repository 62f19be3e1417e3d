"""Alarms: at which length or age of the queue a site's moderators are notified."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Role
from moderation.decisions import audit
from moderation.insight import alarm_address
from moderation.models import Alarm, AuditAction
from moderation.models.alarm import AlarmFormat
from moderation.web.review_api.base import OneSiteView
from moderation.web.review_api.requests import SiteChoiceSerializer


class AlarmSerializer(serializers.ModelSerializer[Alarm]):
    """The thresholds of a queue, and how to notify; what is left out is off."""

    class Meta:
        model = Alarm
        read_only_fields: tuple[str, ...] = (
            "long_since",
            "old_since",
            "drifting_since",
            "last_error",
        )
        fields: tuple[str, ...] = (*Alarm.SETTINGS, *read_only_fields)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raise ValidationError for an address to which nothing can be sent in this format."""
        if url := attrs.get("url"):
            shape = attrs.get("shape", self.instance.shape if self.instance else AlarmFormat.SLACK)
            try:
                alarm_address.check(url, shape)
            except alarm_address.AddressRefused as error:
                raise serializers.ValidationError({"url": str(error)}) from None
        return attrs


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
        on = {"drift": True, "flood": True, "by_mail": True}
        values = {**off, **on, "url": "", **data}
        alarm, _ = Alarm.objects.update_or_create(site=site, defaults=values)
        detail = {"changed": sorted(data)}
        audit.record(
            AuditAction.ALARM_SET, site=site, by=self.user, now=timezone.now(), detail=detail
        )
        return Response(AlarmSerializer(alarm).data)
