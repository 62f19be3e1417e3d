"""Webhooks: a site names an address to be told at, rotates its secret, tries it, asks again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from comments.models import Site
from comments.privacy import email_addresses
from moderation.models.webhook import (
    ALL,
    Delivery,
    DeliveryState,
    EventType,
    Webhook,
)
from moderation.notifications.webhooks import events as outbox
from moderation.notifications.webhooks import http_client, signatures, tasks

MOST_PER_SITE = 20


class InvalidWebhook(ValueError):
    """The webhook can't be as asked for; `field` names why."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class WebhookWithSecret(NamedTuple):
    """A webhook and its secret, which can't be shown again."""

    webhook: Webhook
    secret: str


def add(
    site: Site,
    *,
    url: str,
    events: Sequence[str],
    now: datetime,
    description: str = "",
    with_addresses: bool = False,
) -> WebhookWithSecret:
    """Add a webhook. Raises InvalidWebhook where the address or the events are not allowed."""
    if Webhook.objects.filter(site=site).count() >= MOST_PER_SITE:
        raise InvalidWebhook(f"A site has {MOST_PER_SITE} webhooks at most.", field="url")
    check(url=url, events=events)
    secret = signatures.new_secret()
    webhook = Webhook.objects.create(
        site=site,
        url=url,
        events=list(dict.fromkeys(events)),
        description=description,
        with_addresses=with_addresses,
        secret=email_addresses.encrypt(secret),
        created_at=now,
    )
    return WebhookWithSecret(webhook, secret)


def check(*, url: str, events: Sequence[str]) -> None:
    """Raise BadWebhook for an address that may not be asked, or an event that does not exist."""
    known = {ALL, *EventType.values} - {EventType.TEST.value}
    if unknown := [event for event in events if event not in known]:
        raise InvalidWebhook(f"There is no event {unknown[0]}.", field="events")
    if not events:
        raise InvalidWebhook('Name the events, or "*" for all.', field="events")
    try:
        http_client.check(url)
    except http_client.Unreachable as error:
        raise InvalidWebhook(str(error), field="url") from None


def change(webhook: Webhook, wanted: Mapping[str, Any]) -> None:
    """Change the address, events or description of a webhook. Raises InvalidWebhook."""
    check(url=wanted.get("url", webhook.url), events=wanted.get("events", webhook.events))
    for name, value in wanted.items():
        setattr(webhook, name, value)
    webhook.save(update_fields=list(wanted))


@transaction.atomic
def rotate(webhook: Webhook, *, now: datetime) -> str:
    """Return a new secret for a webhook; the former one signs, too, for a day."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    secret = signatures.renew(webhook, now=now)
    webhook.save(update_fields=["secret", "former_secret", "former_until"])
    return secret


def enable(webhook: Webhook) -> None:
    """Switch a webhook on again; what happened meanwhile is not told."""
    webhook.disabled_at, webhook.disabled_because = None, ""
    webhook.save(update_fields=["disabled_at", "disabled_because"])


def disable(webhook: Webhook, *, because: str, now: datetime) -> None:
    """Switch a webhook off; what waits to be told is given up, and can be told by hand later."""
    webhook.disabled_at, webhook.disabled_because = now, because
    webhook.save(update_fields=["disabled_at", "disabled_because"])
    waiting = webhook.deliveries.filter(state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.DEAD, claimed_until=None)


@transaction.atomic
def try_out(webhook: Webhook, *, now: datetime) -> Delivery:
    """Send a test event, once the transaction is committed."""
    delivery = outbox.test(webhook, now=now)
    tasks.enqueue_deliveries()
    return delivery


@transaction.atomic
def redeliver(delivery: Delivery, *, now: datetime) -> Delivery:
    """Tell an event again, with the same id, from the first attempt on."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=DeliveryState.WAITING, attempts=0, next_attempt_at=now, claimed_until=None
    )
    tasks.enqueue_deliveries()
    delivery.refresh_from_db()
    return delivery
