"""Manage a site's webhooks: add, change, disable, rotate the secret, send a test, redeliver."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from comments.models import Site
from comments.privacy import email_addresses
from moderation.models.webhook import ALL, Delivery, EventType, Webhook
from moderation.notifications.webhooks import events as outbox
from moderation.notifications.webhooks import http_client, signatures, tasks

MOST_PER_SITE = 20


class InvalidWebhook(ValueError):
    """The webhook is not valid; `field` names the part that is wrong, the message says why."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class WebhookWithSecret(NamedTuple):
    """A new webhook and its secret in plain text, which is not readable later."""

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
    """Add a webhook. Raises InvalidWebhook."""
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
    """Raise InvalidWebhook for an address that is not allowed, or an event that does not exist."""
    known = {ALL, *EventType.values} - {EventType.TEST.value}
    if unknown := [event for event in events if event not in known]:
        raise InvalidWebhook(f"There is no event {unknown[0]}.", field="events")
    if not events:
        raise InvalidWebhook('Name the events, or "*" for all.', field="events")
    try:
        http_client.check(url)
    except http_client.Unreachable as error:
        raise InvalidWebhook(str(error), field="url") from None


def change(webhook: Webhook, changes: Mapping[str, Any]) -> None:
    """Change the address, events or description of a webhook. Raises InvalidWebhook."""
    check(url=changes.get("url", webhook.url), events=changes.get("events", webhook.events))
    for name, value in changes.items():
        setattr(webhook, name, value)
    webhook.save(update_fields=list(changes))


def rotate(webhook: Webhook, *, now: datetime) -> str:
    """Return a new secret for a webhook; the former one signs, too, for a day."""
    return signatures.rotate(webhook, now=now)


def enable(webhook: Webhook) -> None:
    """Enable a webhook again; events of the meantime are not delivered."""
    webhook.enable()


def disable(webhook: Webhook, *, because: str, now: datetime) -> None:
    """Disable a webhook and give up its deliveries, which can be retried by hand."""
    webhook.disable(because=because, now=now)


@transaction.atomic
def try_out(webhook: Webhook, *, now: datetime) -> Delivery:
    """Record a test event for this webhook alone, and enqueue its delivery after commit."""
    delivery = outbox.test(webhook, now=now)
    tasks.enqueue_deliveries()
    return delivery


@transaction.atomic
def redeliver(delivery: Delivery, *, now: datetime) -> Delivery:
    """Deliver an event again, with the same id, from the first attempt on."""
    Delivery.objects.filter(pk=delivery.pk).retry(now=now)
    tasks.enqueue_deliveries()
    delivery.refresh_from_db()
    return delivery
