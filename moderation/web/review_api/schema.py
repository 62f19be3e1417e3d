"""Shapes that exist for the published API description only."""

from typing import Any

from rest_framework import serializers

from moderation.web.review_api.serializers import (
    ClaimedCommentSerializer,
    DecisionSerializer,
    ReviewableSerializer,
)


class QueuePage(serializers.Serializer[Any]):
    """A page of the queue."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ReviewableSerializer(many=True)


class ClaimAnswer(serializers.Serializer[Any]):
    """What the caller holds now."""

    results = ClaimedCommentSerializer(many=True)


class ReleaseAnswer(serializers.Serializer[Any]):
    """How many were given back."""

    released = serializers.IntegerField()


class AnswerToOne(serializers.Serializer[Any]):
    """What came of one of many decisions."""

    comment = serializers.UUIDField()
    status = serializers.IntegerField(help_text="As if it had been sent alone.")
    decision = DecisionSerializer(required=False)
    problem = serializers.DictField(required=False, help_text="`type` and `detail`.")


class BulkAnswer(serializers.Serializer[Any]):
    """An answer for each decision, in their order."""

    results = AnswerToOne(many=True)


class Holder(serializers.Serializer[Any]):
    """Somebody who has claimed comments."""

    user = serializers.EmailField()
    name = serializers.CharField()
    number = serializers.IntegerField()
    until = serializers.DateTimeField(help_text="When the last of the claims runs out.")


class QueueCounts(serializers.Serializer[Any]):
    """How much waits."""

    total = serializers.IntegerField()
    mine = serializers.IntegerField(help_text="Claimed by the caller.")
    escalated = serializers.IntegerField(help_text="Left to the owners.")
    holders = Holder(many=True)
    sites = serializers.DictField(child=serializers.IntegerField())
    why = serializers.DictField(child=serializers.IntegerField())
    categories = serializers.DictField(child=serializers.IntegerField())
    languages = serializers.DictField(child=serializers.IntegerField())
