"""Serializers of reports, appeals, the audit trail and statistics."""

from typing import Any

from rest_framework import serializers

from moderation.models import AuditEntry
from moderation.web.review_api.serializers import (
    FiledAppealSerializer,
    FiledReportSerializer,
)


class SiteReportSerializer(FiledReportSerializer):
    """A report, with the comment that it is about."""

    site = serializers.CharField(source="comment.site.slug")

    class Meta(FiledReportSerializer.Meta):
        fields: tuple[str, ...] = (*FiledReportSerializer.Meta.fields, "comment", "site")


class OpenAppealSerializer(FiledAppealSerializer):
    """An appeal, with the comment that it is about and who answered it."""

    comment = serializers.UUIDField(source="decision.comment_id")
    site = serializers.CharField(source="decision.comment.site.slug")
    resolved_by = serializers.CharField(source="resolved_by.email", default=None, allow_null=True)
    reasoning = serializers.CharField(
        source="answer.reasoning", default="", help_text="What the answer told the author."
    )

    class Meta(FiledAppealSerializer.Meta):
        fields: tuple[str, ...] = (
            *FiledAppealSerializer.Meta.fields,
            "comment",
            "site",
            "resolved_by",
            "reasoning",
        )


class AuditEntrySerializer(serializers.ModelSerializer[AuditEntry]):
    """One entry of the audit trail: who did what to what, when."""

    site = serializers.CharField(source="site.slug")
    by = serializers.CharField(
        source="who", help_text="Who did it: an address, or `key NAME (lar_abcd…)`."
    )

    class Meta:
        model = AuditEntry
        fields: tuple[str, ...] = ("id", "at", "site", "by", "act", "subject", "detail")


class StatisticsSerializer(serializers.Serializer[Any]):
    """Statistics of a period: numbers of comments, decisions, reports and appeals."""

    to = serializers.DateField()
    received = serializers.IntegerField()
    decisions = serializers.DictField(
        child=serializers.DictField(child=serializers.IntegerField()),
        help_text="By source, then by verdict.",
    )
    days = serializers.ListField(child=serializers.DictField())
    moderators = serializers.DictField(child=serializers.IntegerField())
    agreement = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="How often moderators `confirmed` or `changed` what the rules had decided.",
    )
    reports = serializers.IntegerField()
    appeals = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="At this moment.")
    seconds_waited = serializers.FloatField(allow_null=True, help_text="In the queue; median.")
    received_by_day = serializers.ListField(
        child=serializers.DictField(), help_text="By the status that comments have now."
    )
    automated = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Of what came in: settled `by_rules`, `by_people`, or `waiting`.",
    )
    seconds_to_decision = serializers.FloatField(
        allow_null=True, help_text="From arrival to the first word that was not to wait; median."
    )
    load = serializers.ListField(
        child=serializers.DictField(), help_text="What each moderator decided."
    )
    precision = serializers.ListField(
        child=serializers.DictField(),
        help_text="For each ground: how often people refused what the rules had stopped for it.",
    )
    blind_audit = serializers.ListField(
        child=serializers.DictField(),
        help_text="Of what was `published`, `refused` or `held` by the rules and looked at blind: "
        "how often people found it `wrong`, with a 95 % interval of the share.",
    )
    threads = serializers.ListField(child=serializers.DictField(), help_text="The busiest.")
    ages = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many have waited for how long, now."
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `from`, which is a keyword of Python."""
        return {"from": serializers.DateField(), **super().get_fields()}
