"""Webhooks, for a site's own servers."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http.openapi import IDEMPOTENCY_KEY
from comments.http.requests import validate
from comments.http.views import get_or_not_found
from comments.models import Scope
from moderation.models import Delivery, Webhook
from moderation.notifications.webhooks import endpoints
from moderation.web.plugin_api.base import KeyView
from moderation.web.plugin_api.filters import DeliveryFilterSet
from moderation.web.plugin_api.webhook_serializers import (
    DeliverySerializer,
    NewWebhookSerializer,
    SecretSerializer,
    WebhookChangesSerializer,
    WebhookSerializer,
)


class WebhookView(KeyView):
    """The base of the endpoints: the webhooks of the site."""

    scope = Scope.WEBHOOKS
    queryset: Any = Webhook.objects.all()
    lookup_url_kwarg = "webhook_id"
    not_found = "There is no such webhook."
    serializer_class: Any = WebhookSerializer

    def handle_exception(self, exc: Exception) -> Response:
        """Answer with 400 and a pointer to the field that is not acceptable."""
        if isinstance(exc, endpoints.InvalidWebhook):
            exc = exceptions.ValidationError({exc.field: str(exc)})
        return super().handle_exception(exc)


class WebhooksView(ListModelMixin, WebhookView):
    """The site's webhooks."""

    pagination_class = None

    @extend_schema(operation_id="list_webhooks")
    def get(self, request: Request) -> Response:
        """List the site's webhooks."""
        return self.list(request)

    @extend_schema(
        operation_id="add_webhook",
        parameters=[IDEMPOTENCY_KEY],
        responses={201: NewWebhookSerializer},
    )
    def post(self, request: Request) -> Response:
        """Add a URL to which events are sent; the response alone has the signing secret."""
        data = self.validated_body(WebhookSerializer)
        answer = self.idempotent(lambda: self._add(data))
        answer["Cache-Control"] = "no-store"
        return answer

    def _add(self, data: dict[str, Any]) -> Response:
        made = endpoints.add(self.site, **data, by=self.key, now=timezone.now())
        answer = {**WebhookSerializer(made.webhook).data, "secret": made.secret}
        return Response(answer, status=201)


class WebhookDetailView(RetrieveModelMixin, WebhookView):
    """One webhook."""

    @extend_schema(operation_id="read_webhook")
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """Return a webhook, without its secret."""
        return self.retrieve(request)

    @extend_schema(
        operation_id="change_webhook",
        request=WebhookChangesSerializer,
        responses=WebhookSerializer,
    )
    def patch(self, request: Request, webhook_id: UUID) -> Response:
        """Change a webhook, disable or enable it."""
        webhook = self.get_object()
        changes = validate(WebhookChangesSerializer(webhook, data=request.data, partial=True))
        enabled, now = changes.pop("enabled", None), timezone.now()
        endpoints.change(webhook, changes, by=self.key, now=now)
        if enabled is True:
            endpoints.enable(webhook, by=self.key, now=now)
        elif enabled is False:
            endpoints.disable(webhook, because="Switched off.", by=self.key, now=now)
        return Response(WebhookSerializer(webhook).data)

    @extend_schema(operation_id="remove_webhook", responses={204: None})
    def delete(self, request: Request, webhook_id: UUID) -> Response:
        """Delete a webhook, with its pending deliveries."""
        endpoints.remove(self.get_object(), by=self.key, now=timezone.now())
        return Response(status=204)


class RotateWebhookSecretView(WebhookView):
    """Rotation of the signing secret."""

    @extend_schema(request=None, responses={200: SecretSerializer})
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Return a new secret; the former one signs, too, for a day."""
        secret = endpoints.rotate(self.get_object(), by=self.key, now=timezone.now())
        return Response({"secret": secret}, headers={"Cache-Control": "no-store"})


class WebhookTestView(WebhookView):
    """Test events."""

    @extend_schema(request=None, parameters=[IDEMPOTENCY_KEY], responses={202: DeliverySerializer})
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Send a test event."""
        webhook = self.get_object()
        return self.idempotent(lambda: self._send_test(webhook))

    def _send_test(self, webhook: Webhook) -> Response:
        delivery = endpoints.try_out(webhook, by=self.key, now=timezone.now())
        return Response(DeliverySerializer(delivery).data, status=202)


class DeliveryView(WebhookView):
    """The base of the endpoints: the deliveries of the webhook that the path names."""

    queryset = Delivery.objects.select_related("event")
    lookup_url_kwarg = "delivery_id"
    not_found = "There is no such delivery."
    serializer_class = DeliverySerializer

    def get_queryset(self) -> QuerySet[Any]:
        """Return the deliveries of a webhook of the site; raise NotFound for any other webhook."""
        webhooks = Webhook.objects.filter(site=self.site)
        webhook = get_or_not_found(webhooks, WebhookView.not_found, pk=self.kwargs["webhook_id"])
        return webhook.deliveries.select_related("event")


class DeliveriesView(ListModelMixin, DeliveryView):
    """The deliveries of a webhook."""

    filterset_class = DeliveryFilterSet

    @extend_schema(operation_id="webhooks_deliveries_retrieve")
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """List deliveries with their attempts, the newest first; `?state=dead` those given up."""
        return self.list(request)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the deliveries with their attempts."""
        return super().get_queryset().prefetch_related("tries")


class RedeliveryView(DeliveryView):
    """Repeated deliveries."""

    @extend_schema(
        operation_id="webhooks_deliveries_redeliver_create",
        request=None,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: DeliverySerializer},
    )
    def post(self, request: Request, webhook_id: UUID, delivery_id: int) -> Response:
        """Send an event again, with the same id."""
        delivery = self.get_object()
        return self.idempotent(lambda: self._redeliver(delivery))

    def _redeliver(self, delivery: Delivery) -> Response:
        again = endpoints.redeliver(delivery, by=self.key, now=timezone.now())
        return Response(DeliverySerializer(again).data, status=202)
