"""Responses of the queue's commands: counts, claims, releases and results of many decisions."""

from typing import Any

from rest_framework import serializers

from moderation.web.review_api.serializers import ClaimedCommentSerializer, DecisionSerializer


class ClaimResultsSerializer(serializers.Serializer[Any]):
    """The comments that were claimed."""

    results = ClaimedCommentSerializer(many=True)


class ReleaseResultSerializer(serializers.Serializer[Any]):
    """How many claims were released."""

    released = serializers.IntegerField()


class DecisionResultSerializer(serializers.Serializer[Any]):
    """The outcome of one of many decisions."""

    comment = serializers.CharField(help_text="As it was sent.")
    status = serializers.IntegerField(help_text="As if it had been sent alone.")
    decision = DecisionSerializer(required=False)
    problem = serializers.DictField(
        required=False, help_text="`type` and `detail`, and `errors` of an item with faulty fields."
    )


class DecisionResultsSerializer(serializers.Serializer[Any]):
    """A result for each decision, in the order of the request."""

    results = DecisionResultSerializer(many=True)


class ClaimHolderSerializer(serializers.Serializer[Any]):
    """A moderator with claims."""

    user = serializers.EmailField()
    name = serializers.CharField()
    number = serializers.IntegerField()
    until = serializers.DateTimeField(help_text="When the last of the claims runs out.")


class QueueCountsSerializer(serializers.Serializer[Any]):
    """Numbers of comments in the queue."""

    total = serializers.IntegerField()
    mine = serializers.IntegerField(help_text="Claimed by the caller.")
    escalated = serializers.IntegerField(help_text="Left to the owners.")
    holders = ClaimHolderSerializer(many=True)
    sites = serializers.DictField(child=serializers.IntegerField())
    why = serializers.DictField(child=serializers.IntegerField())
    categories = serializers.DictField(child=serializers.IntegerField())
    languages = serializers.DictField(child=serializers.IntegerField())
