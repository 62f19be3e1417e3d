"""Notifying: webhooks are told what the outbox holds (Standard Webhooks 1.0.0).

An event is sent until the receiver answers 2xx, always with the same id, and given up after three
and a half days. The database is the truth: a worker that dies leaves its deliveries to another one,
so a receiver may hear of an event twice, and never not at all.
"""

import json
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import F
from standardwebhooks import Webhook as Signer

from comments import privacy
from moderation import outgoing
from moderation.models.webhook import Attempt, Delivery, DeliveryState, Webhook

# What passes between two attempts; the specification's own schedule.
BACKOFF = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
# Attempts of many deliveries that failed together must not come back together.
JITTER = 0.1
LONGEST_WAIT = timedelta(days=1)
TIMEOUT = 15.0
LEASE = timedelta(seconds=60)
EXCERPT = 500
GONE = 410
BUSY = (429, 502, 503, 504)


def deliver(*, now: datetime) -> bool:
    """Make one attempt that is due, and tell whether there was one to make."""
    delivery = _claim(now=now)
    if delivery is None:
        return False
    attempt, headers = _attempt(delivery, now=now)
    _record(delivery, attempt, headers, now=now)
    return True


def sign(webhook: Webhook, *, message_id: str, body: str, now: datetime) -> dict[str, str]:
    """Return the headers that go with a message: id, time, and a signature by each secret."""
    stored = [webhook.secret]
    if webhook.former_secret and webhook.former_until and now < webhook.former_until:
        stored.append(webhook.former_secret)
    moment = now.astimezone(UTC)
    signers = [Signer(privacy.decrypt(secret)) for secret in stored]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(s.sign(message_id, moment, body) for s in signers),
    }


@transaction.atomic
def _claim(*, now: datetime) -> Delivery | None:
    free = Delivery.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    active = free.filter(webhook__disabled_at=None).order_by("next_attempt_at", "id")
    delivery = active.select_related("webhook", "event", "comment__author").first()
    if delivery is not None:
        Delivery.objects.filter(pk=delivery.pk).update(
            claimed_until=now + LEASE, attempts=F("attempts") + 1
        )
        delivery.attempts += 1
    return delivery


def _attempt(delivery: Delivery, *, now: datetime) -> tuple[Attempt, Mapping[str, str]]:
    """Send, and return what came of it, with the headers of the answer."""
    event, webhook = delivery.event, delivery.webhook
    payload = {
        "type": event.type,
        "timestamp": event.created_at.isoformat(),
        "data": _with_address(delivery),
    }
    body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
    headers = {
        "Content-Type": "application/json",
        **sign(webhook, message_id=str(event.pk), body=body, now=now),
    }
    try:
        answer = outgoing.send(
            "POST", webhook.url, body=body.encode(), headers=headers, timeout=TIMEOUT
        )
    except outgoing.Unreachable as error:
        return Attempt(delivery=delivery, at=now, error=str(error)[:300]), {}
    excerpt = answer.body[:EXCERPT].decode("utf-8", "replace").replace("\x00", "")
    attempt = Attempt(
        delivery=delivery, at=now, status=answer.status, excerpt=excerpt, seconds=answer.seconds
    )
    return attempt, answer.headers


def _with_address(delivery: Delivery) -> dict[str, Any]:
    """Return the event's data, with the author's address where the site asked for it."""
    data: dict[str, Any] = dict(delivery.event.data)
    author = delivery.comment.author if delivery.comment else None
    if delivery.webhook.with_addresses and author and "comment" in data:
        try:
            email = privacy.decrypt(author.email_encrypted)
        except InvalidToken:
            return data
        data["comment"] = {**data["comment"], "author_email": email}
    return data


@transaction.atomic
def _record(
    delivery: Delivery, attempt: Attempt, headers: Mapping[str, str], *, now: datetime
) -> None:
    attempt.save()
    delivery.claimed_until = None
    if attempt.status is not None and 200 <= attempt.status < 300:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, now
    elif attempt.status == GONE:
        _switch_off(delivery, now=now)
    elif delivery.attempts > len(BACKOFF):
        delivery.state = DeliveryState.DEAD
    else:
        delivery.next_attempt_at = now + _wait(delivery.attempts, attempt.status, headers, now=now)
    delivery.save(update_fields=["state", "claimed_until", "delivered_at", "next_attempt_at"])


def _switch_off(delivery: Delivery, *, now: datetime) -> None:
    """The receiver is gone, and said so: nothing more is sent there."""
    webhook = delivery.webhook
    webhook.disabled_at, webhook.disabled_because = now, "The receiver answered 410 Gone."
    webhook.save(update_fields=["disabled_at", "disabled_because"])
    waiting = webhook.deliveries.filter(state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.DEAD, claimed_until=None)
    delivery.state = DeliveryState.DEAD


def _wait(
    attempts: int, status: int | None, headers: Mapping[str, str], *, now: datetime
) -> timedelta:
    """Return how long to wait after so many attempts; at least what a busy receiver asked for."""
    wait = BACKOFF[attempts - 1] * random.uniform(1, 1 + JITTER)  # noqa: S311 - no secret
    if status in BUSY:
        asked = _retry_after(headers.get("retry-after", ""), now=now)
        wait = max(wait, min(asked, LONGEST_WAIT))
    return wait


def _retry_after(header: str, *, now: datetime) -> timedelta:
    """Return what a `Retry-After` header asks for (RFC 9110, section 10.2.3)."""
    if header.strip().isdigit():
        return timedelta(seconds=min(int(header), 10**6))
    try:
        return parsedate_to_datetime(header) - now
    except (ValueError, TypeError):
        return timedelta()
