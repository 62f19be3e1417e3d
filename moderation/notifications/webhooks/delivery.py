"""Notifying: webhooks are told what the outbox holds (Standard Webhooks 1.0.0).

An event is sent until the receiver answers 2xx, always with the same id, and given up after three
and a half days. The database is the truth: a worker that dies leaves its deliveries to another one,
so a receiver may hear of an event twice, and never not at all.
"""

import json
import random
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import F

from comments.privacy import email_addresses
from moderation.models.webhook import Attempt, Delivery, DeliveryState, Webhook
from moderation.notifications.webhooks import http_client, signatures

# What passes between two attempts; the specification's own schedule.
BACKOFF = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
)
# Attempts of many deliveries that failed together must not come back together.
JITTER = 0.1
LONGEST_WAIT = timedelta(days=1)
TIMEOUT = 15.0
BATCH = 16
FIRST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
LEASE = timedelta(seconds=60)
EXCERPT = 500
GONE = 410
BUSY = (429, 502, 503, 504)


def deliver(*, now: datetime) -> int:
    """Make attempts that are due, side by side, and return how many there were to make."""
    deliveries = _claim(now=now)
    requests = [_request(delivery, now=now) for delivery in deliveries]
    answers = http_client.send_all(requests, timeout=TIMEOUT)
    for delivery, answer in zip(deliveries, answers, strict=True):
        _record(delivery, answer, now=now)
    return len(deliveries)


@transaction.atomic
def _claim(*, now: datetime) -> list[Delivery]:
    free = Delivery.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    active = free.filter(webhook__disabled_at=None).order_by("next_attempt_at", "id")
    deliveries = list(active.select_related("webhook", "event", "comment__author")[:BATCH])
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).update(
        claimed_until=now + LEASE, attempts=F("attempts") + 1
    )
    for delivery in deliveries:
        delivery.attempts += 1
    return deliveries


def _request(delivery: Delivery, *, now: datetime) -> http_client.Request:
    event, webhook = delivery.event, delivery.webhook
    payload = {
        "type": event.type,
        "timestamp": event.created_at.isoformat(),
        "data": _with_address(delivery),
    }
    body = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
    headers = signatures.headers(webhook, message_id=str(event.pk), body=body, now=now)
    return http_client.Request(webhook.url, body.encode(), headers)


def _with_address(delivery: Delivery) -> dict[str, Any]:
    """Return the event's data, with the author's address where the site asked for it."""
    data: dict[str, Any] = dict(delivery.event.data)
    author = delivery.comment.author if delivery.comment else None
    if delivery.webhook.with_addresses and author and "comment" in data:
        try:
            email = email_addresses.decrypt(author.email_encrypted)
        except InvalidToken:
            return data
        data["comment"] = {**data["comment"], "author_email": email}
    return data


@transaction.atomic
def _record(
    delivery: Delivery, answer: http_client.Response | http_client.Unreachable, *, now: datetime
) -> None:
    attempt = _attempt(delivery, answer, now=now)
    attempt.save()
    delivery.claimed_until = None
    if attempt.status is not None and 200 <= attempt.status < 300:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, now
    elif attempt.status == GONE:
        _switch_off(delivery, now=now)
    elif delivery.attempts > len(BACKOFF):
        delivery.state = DeliveryState.DEAD
    else:
        delivery.next_attempt_at = now + _wait(delivery.attempts, answer, now=now)
    delivery.save(update_fields=["state", "claimed_until", "delivered_at", "next_attempt_at"])
    _rest(delivery.webhook, answer, now=now)


def _attempt(
    delivery: Delivery, answer: http_client.Response | http_client.Unreachable, *, now: datetime
) -> Attempt:
    """Return what came of it, for the log."""
    if isinstance(answer, http_client.Unreachable):
        return Attempt(delivery=delivery, at=now, error=str(answer)[:300], seconds=answer.seconds)
    excerpt = answer.body[:EXCERPT].decode("utf-8", "replace").replace("\x00", "")
    return Attempt(
        delivery=delivery, at=now, status=answer.status, excerpt=excerpt, seconds=answer.seconds
    )


def _rest(
    webhook: Webhook, answer: http_client.Response | http_client.Unreachable, *, now: datetime
) -> None:
    """Leave a receiver alone that is busy or away, for longer each time; up to five minutes."""
    if isinstance(answer, http_client.Response) and answer.status not in BUSY:
        if webhook.failures:
            Webhook.objects.filter(pk=webhook.pk).update(failures=0, resting_until=None)
        return
    pause = max(min(FIRST_REST * 2**webhook.failures, LONGEST_REST), _asked(answer, now=now))
    Webhook.objects.filter(pk=webhook.pk).update(
        failures=min(webhook.failures + 1, 10), resting_until=now + pause
    )


def _switch_off(delivery: Delivery, *, now: datetime) -> None:
    """The receiver is gone, and said so: nothing more is sent there."""
    webhook = delivery.webhook
    webhook.disabled_at, webhook.disabled_because = now, "The receiver answered 410 Gone."
    webhook.save(update_fields=["disabled_at", "disabled_because"])
    waiting = webhook.deliveries.filter(state=DeliveryState.WAITING)
    waiting.update(state=DeliveryState.DEAD, claimed_until=None)
    delivery.state = DeliveryState.DEAD


def _wait(
    attempts: int, answer: http_client.Response | http_client.Unreachable, *, now: datetime
) -> timedelta:
    """Return how long to wait after so many attempts; at least what a busy receiver asked for."""
    wait = BACKOFF[attempts - 1] * random.uniform(1, 1 + JITTER)  # noqa: S311 - no secret
    return max(wait, _asked(answer, now=now))


def _asked(answer: http_client.Response | http_client.Unreachable, *, now: datetime) -> timedelta:
    """Return for how long a busy receiver asked to be left alone; a day at most."""
    if isinstance(answer, http_client.Unreachable) or answer.status not in BUSY:
        return timedelta()
    return min(_retry_after(answer.headers.get("retry-after", ""), now=now), LONGEST_WAIT)


def _retry_after(header: str, *, now: datetime) -> timedelta:
    """Return what a `Retry-After` header asks for (RFC 9110, section 10.2.3)."""
    if header.strip().isdigit():
        return timedelta(seconds=min(int(header), 10**6))
    try:
        return parsedate_to_datetime(header) - now
    except (ValueError, TypeError):
        return timedelta()
