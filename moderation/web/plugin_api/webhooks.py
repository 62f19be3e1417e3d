"""Webhooks, for a site's own servers."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http.pagination import Pages
from comments.models import Scope
from moderation.models import Delivery, Webhook
from moderation.notifications.webhooks import endpoints
from moderation.web.plugin_api.base import KeyView
from moderation.web.plugin_api.webhook_serializers import (
    DeliveryPage,
    DeliverySerializer,
    NewWebhookSerializer,
    SecretSerializer,
    WebhookChangesSerializer,
    WebhookSerializer,
)
from moderation.web.shared.schema import IDEMPOTENCY_KEY, PROBLEMS

ADDED = OpenApiExample(
    "All events",
    request_only=True,
    value={"url": "https://gazette.example/hooks/comments", "events": ["*"]},
)


class WebhookView(KeyView):
    """What the endpoints of webhooks share."""

    scope = Scope.WEBHOOKS

    def handle_exception(self, exc: Exception) -> Response:
        """Name the field that can't be."""
        if isinstance(exc, endpoints.InvalidWebhook):
            exc = exceptions.ValidationError({exc.field: str(exc)})
        return super().handle_exception(exc)

    def webhook(self, webhook_id: UUID) -> Webhook:
        """Return a webhook of the site, or 404."""
        webhook = Webhook.objects.filter(site=self.site, pk=webhook_id).first()
        if webhook is None:
            raise exceptions.NotFound("There is no such webhook.")
        return webhook


class WebhooksView(WebhookView):
    """The site's webhooks."""

    @extend_schema(
        operation_id="list_webhooks", responses={200: WebhookSerializer(many=True), **PROBLEMS}
    )
    def get(self, request: Request) -> Response:
        """List the site's webhooks."""
        found = Webhook.objects.filter(site=self.site)
        return Response(WebhookSerializer(found, many=True).data)

    @extend_schema(
        operation_id="add_webhook",
        request=WebhookSerializer,
        parameters=[IDEMPOTENCY_KEY],
        examples=[ADDED],
        responses={201: NewWebhookSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Have an address told of events."""
        serializer = WebhookSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        answer = self.idempotent(request, lambda: self._add(data), secret=True)
        answer["Cache-Control"] = "no-store"
        return answer

    def _add(self, data: dict[str, Any]) -> Response:
        made = endpoints.add(self.site, **data, now=timezone.now())
        answer = {**WebhookSerializer(made.webhook).data, "secret": made.secret}
        return Response(answer, status=201)


class OneWebhookView(WebhookView):
    """One webhook."""

    @extend_schema(operation_id="read_webhook", responses={200: WebhookSerializer, **PROBLEMS})
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """Return a webhook, without its secret."""
        return Response(WebhookSerializer(self.webhook(webhook_id)).data)

    @extend_schema(
        operation_id="change_webhook",
        request=WebhookChangesSerializer,
        responses={200: WebhookSerializer, **PROBLEMS},
    )
    def patch(self, request: Request, webhook_id: UUID) -> Response:
        """Change a webhook, or switch it off and on."""
        webhook = self.webhook(webhook_id)
        serializer = WebhookChangesSerializer(webhook, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        wanted = dict(serializer.validated_data)
        enabled = wanted.pop("enabled", None)
        endpoints.change(webhook, wanted)
        if enabled is True:
            endpoints.enable(webhook)
        elif enabled is False:
            endpoints.disable(webhook, because="Switched off.", now=timezone.now())
        return Response(WebhookSerializer(webhook).data)

    @extend_schema(operation_id="remove_webhook", responses={204: None, **PROBLEMS})
    def delete(self, request: Request, webhook_id: UUID) -> Response:
        """Remove a webhook, and what waits for it."""
        self.webhook(webhook_id).delete()
        return Response(status=204)


class RotateView(WebhookView):
    """Changing the secret."""

    @extend_schema(request=None, responses={200: SecretSerializer, **PROBLEMS})
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Return a new secret; the former one signs, too, for a day."""
        secret = endpoints.rotate(self.webhook(webhook_id), now=timezone.now())
        return Response({"secret": secret}, headers={"Cache-Control": "no-store"})


class TestView(WebhookView):
    """Trying a webhook."""

    @extend_schema(
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: DeliverySerializer, **PROBLEMS},
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Send a test event."""
        webhook = self.webhook(webhook_id)
        return self.idempotent(request, lambda: self._try_out(webhook))

    def _try_out(self, webhook: Webhook) -> Response:
        delivery = endpoints.try_out(webhook, now=timezone.now())
        return Response(DeliverySerializer(delivery).data, status=202)


class DeliveriesView(WebhookView):
    """What a webhook was told."""

    @extend_schema(responses={200: DeliveryPage, **PROBLEMS})
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """List deliveries with their attempts, the newest first; `?state=dead` those given up."""
        found = self.webhook(webhook_id).deliveries.select_related("event")
        if state := request.query_params.get("state"):
            found = found.filter(state=state)
        pages = Pages()
        page = pages.paginate_queryset(found.prefetch_related("tries"), request, view=self)
        return pages.get_paginated_response(DeliverySerializer(page or [], many=True).data)


class RedeliverView(WebhookView):
    """Telling again."""

    @extend_schema(
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: DeliverySerializer, **PROBLEMS},
    )
    def post(self, request: Request, webhook_id: UUID, delivery_id: int) -> Response:
        """Tell an event again, with the same id."""
        found = self.webhook(webhook_id).deliveries.select_related("event")
        delivery = found.filter(pk=delivery_id).first()
        if delivery is None:
            raise exceptions.NotFound("There is no such delivery.")
        return self.idempotent(request, lambda: self._redeliver(delivery))

    def _redeliver(self, delivery: Delivery) -> Response:
        again = endpoints.redeliver(delivery, now=timezone.now())
        return Response(DeliverySerializer(again).data, status=202)
