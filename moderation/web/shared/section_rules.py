"""The rules of a site's sections, for the plugin API and the review API: all of them at once."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response

from comments.http.fields import BoundedListField, NoUnknownFields
from comments.models import Site
from moderation.models import Actor, SectionRules
from moderation.models.section_rules import MOST
from moderation.screening.policy import sections


class SectionRulesSerializer(NoUnknownFields, serializers.ModelSerializer[SectionRules]):
    """The rules of one section; what is left out, null or empty is as at the whole site."""

    # The model's choices with None are for its form.
    hold_guests = serializers.BooleanField(allow_null=True, required=False)
    members_only = serializers.BooleanField(allow_null=True, required=False)
    paused = serializers.BooleanField(allow_null=True, required=False)

    class Meta:
        model = SectionRules
        fields = SectionRules.SETTINGS

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that the section can be told by its value."""
        rules = SectionRules(**attrs)
        try:
            rules.clean()
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
        return {**attrs, "value": rules.value}


class SectionListSerializer(NoUnknownFields):
    """The rules of all sections of a site, which take the place of those that were there."""

    sections = BoundedListField(child=SectionRulesSerializer(), max_length=MOST)

    def validate_sections(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Check that no section stands there twice."""
        if len({(row["kind"], row["value"]) for row in rows}) < len(rows):
            raise serializers.ValidationError("A section stands here twice.")
        return rows


def current_sections(site: Site) -> Response:
    """Return the rules of the sections of a site."""
    rows = SectionRules.objects.filter(site=site)
    return Response(SectionListSerializer({"sections": rows}).data)


def replace_sections(site: Site, data: Mapping[str, Any], *, by: Actor) -> Response:
    """Set the rules of all sections of a site, and return them."""
    rows = [SectionRules(site=site, **row) for row in data["sections"]]
    sections.replace(site, rows, by=by, now=timezone.now())
    return current_sections(site)
