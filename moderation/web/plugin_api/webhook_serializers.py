"""The shapes of webhooks in the plugin API. They check and translate; they decide nothing."""

from typing import Any

from rest_framework import serializers

from moderation.models import Attempt, Delivery, Webhook


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """An address that is told what happens."""

    events = serializers.ListField(child=serializers.CharField(max_length=32), max_length=20)
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
        """Tell whether it is told anything."""
        return webhook.disabled_at is None


class WebhookChangesSerializer(WebhookSerializer):
    """What to change about a webhook."""

    enabled = serializers.BooleanField(required=False)  # type: ignore[assignment]


class NewWebhookSerializer(WebhookSerializer):
    """A webhook with its secret, which is shown this once."""

    secret = serializers.CharField(help_text="`whsec_…`: check signatures with it.")

    class Meta(WebhookSerializer.Meta):
        fields: tuple[str, ...] = (*WebhookSerializer.Meta.fields, "secret")


class SecretSerializer(serializers.Serializer[Any]):
    """A new secret."""

    secret = serializers.CharField()


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    """One try: the receiver's status and the beginning of its answer, or the error."""

    class Meta:
        model = Attempt
        fields: tuple[str, ...] = ("at", "status", "excerpt", "error", "seconds")


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """The telling of one event."""

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


class DeliveryPage(serializers.Serializer[Any]):
    """A page of deliveries."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = DeliverySerializer(many=True)
