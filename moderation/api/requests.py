"""What callers of the review API send. It is checked and translated here; nothing is decided."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from comments.models import Site
from moderation.reviewing import Ruling
from moderation.verdicts import Category, Verdict


def to_ruling(data: dict[str, Any], comment_id: UUID) -> Ruling:
    """Return checked data of a RulingSerializer as the verb takes it."""
    return Ruling(
        comment_id=comment_id,
        revision=data["revision"],
        verdict=Verdict(data["verdict"]),
        reasoning=data["reasoning"],
        private_notes=data["private_notes"],
    )


class RulingSerializer(serializers.Serializer[Any]):
    """A moderator's verdict on the revision that was read."""

    verdict = serializers.ChoiceField(
        choices=[(verdict.value, verdict.title()) for verdict in Verdict]
    )
    revision = serializers.IntegerField(min_value=1)
    reasoning = serializers.CharField(
        max_length=5000, allow_blank=True, default="", help_text="Told to the author."
    )
    private_notes = serializers.CharField(
        max_length=5000, allow_blank=True, default="", help_text="For colleagues."
    )


class RulingOfManySerializer(RulingSerializer):
    """One of many verdicts."""

    comment = serializers.UUIDField()


class RulingsSerializer(serializers.Serializer[Any]):
    """Up to 500 verdicts, one for each comment."""

    decisions = serializers.ListField(
        child=RulingOfManySerializer(), allow_empty=False, max_length=500
    )

    def validate_decisions(self, rulings: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Refuse two verdicts on one comment: which of them was meant?"""
        if len({ruling["comment"] for ruling in rulings}) < len(rulings):
            raise serializers.ValidationError("Each comment may be there once.")
        return rulings


class ClaimSerializer(serializers.Serializer[Any]):
    """How many to take, and for how long."""

    limit = serializers.IntegerField(min_value=1, max_value=100, default=10)
    seconds = serializers.IntegerField(min_value=10, max_value=3600, default=300)
    site = serializers.SlugField(required=False)


class ReleaseSerializer(serializers.Serializer[Any]):
    """What to give back."""

    comments = serializers.ListField(child=serializers.UUIDField(), max_length=500)


class QueueFilterSerializer(serializers.Serializer[Any]):
    """Which part of the queue to show, and in which order."""

    site = serializers.SlugRelatedField(
        slug_field="slug", queryset=Site.objects.all(), required=False
    )
    order = serializers.ChoiceField(choices=["priority", "oldest", "newest"], default="priority")
    category = serializers.ChoiceField(choices=[c.value for c in Category], required=False)
    why = serializers.CharField(required=False)
    q = serializers.CharField(required=False, max_length=200)
    claimed = serializers.ChoiceField(choices=["me", "none"], required=False)
