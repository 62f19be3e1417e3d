"""Manage a site's webhooks: add, change, disable, rotate the secret, send a test, redeliver.

Each writes an audit entry, in the same transaction: a webhook may send addresses.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Site
from comments.models.row_limits import require_room
from comments.privacy import email_addresses
from moderation.models import Actor, AuditAction, AuditEntry, AuditRecord
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


@transaction.atomic
def add(
    site: Site,
    *,
    url: str,
    events: Sequence[str],
    now: datetime,
    by: Actor | None = None,
    **options: Any,
) -> WebhookWithSecret:
    """Add a webhook; `options` are its other fields.

    Raises InvalidWebhook, or LimitReached beyond MOST_PER_SITE.
    """
    require_room(Webhook.objects.filter(site=site), most=MOST_PER_SITE, what=_("webhooks"))
    check(url=url, events=events)
    secret = signatures.new_secret()
    webhook = Webhook.objects.create(
        site=site,
        url=url,
        events=list(dict.fromkeys(events)),
        **options,
        secret=email_addresses.encrypt(secret),
        created_at=now,
    )
    _record(AuditAction.WEBHOOK_ADDED, webhook, by=by, now=now)
    return WebhookWithSecret(webhook, secret)


def check(*, url: str, events: Sequence[str]) -> None:
    """Raise InvalidWebhook for an address that is not allowed, or an event that does not exist."""
    known = {ALL, *EventType.values} - {EventType.TEST.value}
    if unknown := [event for event in events if event not in known]:
        raise InvalidWebhook(
            gettext("There is no event %(name)s.") % {"name": unknown[0]}, field="events"
        )
    if not events:
        raise InvalidWebhook(gettext('Name the events, or "*" for all.'), field="events")
    try:
        http_client.check(url)
    except http_client.Unreachable as error:
        raise InvalidWebhook(str(error), field="url") from None


@transaction.atomic
def change(
    webhook: Webhook, changes: Mapping[str, Any], *, now: datetime, by: Actor | None = None
) -> None:
    """Change the address, events or description of a webhook. Raises InvalidWebhook."""
    check(url=changes.get("url", webhook.url), events=changes.get("events", webhook.events))
    for name, value in changes.items():
        setattr(webhook, name, value)
    webhook.save(update_fields=list(changes))
    if changes:
        _record(AuditAction.WEBHOOK_CHANGED, webhook, by=by, now=now, changed=sorted(changes))


@transaction.atomic
def remove(webhook: Webhook, *, now: datetime, by: Actor | None = None) -> None:
    """Delete a webhook, with its pending deliveries."""
    _record(AuditAction.WEBHOOK_REMOVED, webhook, by=by, now=now)
    webhook.delete()


@transaction.atomic
def rotate(webhook: Webhook, *, now: datetime, by: Actor | None = None) -> str:
    """Return a new secret for a webhook; the former one signs, too, for a day."""
    _record(AuditAction.WEBHOOK_CHANGED, webhook, by=by, now=now, changed=["secret"])
    return signatures.rotate(webhook, now=now)


@transaction.atomic
def enable(webhook: Webhook, *, now: datetime, by: Actor | None = None) -> None:
    """Enable a webhook again; events of the meantime are not delivered."""
    webhook.enable()
    _record(AuditAction.WEBHOOK_CHANGED, webhook, by=by, now=now, enabled=True)


@transaction.atomic
def disable(webhook: Webhook, *, because: str, now: datetime, by: Actor | None = None) -> None:
    """Disable a webhook and give up its deliveries, which can be retried by hand."""
    webhook.disable(because=because, now=now)
    _record(AuditAction.WEBHOOK_CHANGED, webhook, by=by, now=now, enabled=False)


@transaction.atomic
def try_out(webhook: Webhook, *, now: datetime, by: Actor | None = None) -> Delivery:
    """Record a test event for this webhook alone, and enqueue its delivery after commit."""
    delivery = outbox.test(webhook, now=now)
    _record(AuditAction.WEBHOOK_TRIED, webhook, by=by, now=now, event=str(delivery.event_id))
    tasks.enqueue_deliveries()
    return delivery


@transaction.atomic
def redeliver(delivery: Delivery, *, now: datetime, by: Actor | None = None) -> Delivery:
    """Deliver an event again, with the same id, from the first attempt on."""
    Delivery.objects.filter(pk=delivery.pk).retry(now=now)
    event = str(delivery.event_id)
    _record(AuditAction.WEBHOOK_TRIED, delivery.webhook, by=by, now=now, event=event)
    tasks.enqueue_deliveries()
    delivery.refresh_from_db()
    return delivery


def _record(
    action: AuditAction, webhook: Webhook, *, by: Actor | None, now: datetime, **detail: Any
) -> None:
    """Write an audit entry; of the URL only the host, since the rest may be a secret."""
    host = urlsplit(webhook.url).hostname or ""
    detail = {"host": host, "with_addresses": webhook.with_addresses, **detail}
    AuditEntry.objects.record(
        [AuditRecord(action, webhook.site_id, webhook.pk, detail)], by=by, now=now
    )
