"""Serializers of webhooks and their deliveries."""

from typing import Any

from rest_framework import serializers

from comments.http.fields import BoundedListField
from moderation.models import Attempt, Delivery, Webhook


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """A URL that events are sent to."""

    events = BoundedListField(child=serializers.CharField(max_length=32), max_length=20)
    enabled = serializers.SerializerMethodField()

    class Meta:
        model = Webhook
        fields: tuple[str, ...] = (
            "id",
            "url",
            "description",
            "events",
            "with_addresses",
            "enabled",
            "disabled_because",
            "created_at",
        )
        read_only_fields: tuple[str, ...] = ("disabled_because", "created_at")

    def get_enabled(self, webhook: Webhook) -> bool:
        """Return whether events are sent."""
        return webhook.disabled_at is None


class WebhookChangesSerializer(WebhookSerializer):
    """Changes to a webhook."""

    enabled = serializers.BooleanField(required=False)  # type: ignore[assignment]


class NewWebhookSerializer(WebhookSerializer):
    """A webhook with its signing secret, which is returned once."""

    secret = serializers.CharField(help_text="`whsec_…`: check signatures with it.")

    class Meta(WebhookSerializer.Meta):
        fields: tuple[str, ...] = (*WebhookSerializer.Meta.fields, "secret")


class SecretSerializer(serializers.Serializer[Any]):
    """A new signing secret."""

    secret = serializers.CharField()


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One attempt: the receiver's status and the beginning of its response, or the error."""

    class Meta:
        model = Attempt
        fields: tuple[str, ...] = ("at", "status", "excerpt", "error", "seconds")


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """The delivery of one event to one webhook, with its attempts."""

    event = serializers.UUIDField(source="event_id", help_text="The `webhook-id`.")
    type = serializers.CharField(source="event.type")
    tries = AttemptSerializer(many=True)

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = (
            "id",
            "event",
            "type",
            "comment",
            "state",
            "attempts",
            "next_attempt_at",
            "delivered_at",
            "tries",
        )
