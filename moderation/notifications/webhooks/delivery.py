"""Deliver events to webhooks (Standard Webhooks 1.0.0).

An event is sent until the receiver answers 2xx, always with the same id, and given up after three
and a half days; see `moderation.models.deliverable`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from comments.models import Author
from comments.privacy.email_addresses import redact
from moderation.models import AuditAction, AuditRecord, SystemActor
from moderation.models.webhook import Attempt, Delivery, Webhook
from moderation.notifications import disclosure
from moderation.notifications.webhooks import http_client, outcomes, signatures
from moderation.notifications.webhooks.http_client import Outcome, Response
from moderation.notifications.webhooks.signatures import Message

TIMEOUT = 15.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
MAX_FAILURES = 10
EXCERPT_BYTES = 500


def deliver(*, now: datetime) -> int:
    """Make one batch of attempts that are due, side by side, and return how many there were."""
    related = Delivery.objects.select_related("webhook", "event", "comment__author")
    deliveries = related.claim(now=now)
    make_request = partial(_request, emails=_addresses(deliveries, now=now), now=now)
    pairs = signatures.requests_for(deliveries, make_request, now=now)
    results = http_client.send_all([request for _, request in pairs], timeout=TIMEOUT)
    for (delivery, _), outcome in zip(pairs, results, strict=True):
        _record(delivery, outcome, now=now)
    return len(deliveries)


def _request(
    delivery: Delivery, *, emails: Mapping[int, str], now: datetime
) -> http_client.Request:
    event, data = delivery.event, dict(delivery.event.data)
    if email := emails.get(delivery.pk):
        data["comment"] = {**data["comment"], "author_email": email}
    message = Message(str(event.pk), event.type, event.created_at, data)
    return signatures.request(delivery.webhook, message, now=now)


def _addresses(deliveries: Sequence[Delivery], *, now: datetime) -> dict[int, str]:
    """Return the authors' addresses, by delivery, for webhooks that are set up to get them."""
    by_webhook: dict[Webhook, dict[int, Author]] = {}
    for delivery in deliveries:
        author = delivery.comment.author if delivery.comment else None
        if delivery.webhook.with_addresses and author and "comment" in delivery.event.data:
            by_webhook.setdefault(delivery.webhook, {})[delivery.pk] = author
    emails: dict[int, str] = {}
    for webhook, authors in by_webhook.items():
        detail = {"addresses": len(authors)}
        record = AuditRecord(AuditAction.ADDRESSES_SENT, webhook.site_id, webhook.pk, detail)
        read = disclosure.disclose(record, by=SystemActor.SERVICE, now=now)
        emails |= {pk: read(author) for pk, author in authors.items()}
    return emails


@transaction.atomic
def _record(delivery: Delivery, outcome: Outcome, *, now: datetime) -> None:
    # Its webhook or comment may have been deleted while the request was under way.
    if not Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery.pk).exists():
        return
    _log(delivery, outcome, now=now)
    error = outcomes.failure(outcome)
    if not error:
        delivery.succeed(now=now)
    elif outcomes.is_gone(outcome):
        delivery.give_up(error)
        delivery.webhook.disable(because=error, now=now)
    else:
        delivery.fail(error, now=now, at_least=outcomes.retry_after(outcome, now=now))
    _pause(delivery.webhook, outcome, now=now)


def _log(delivery: Delivery, outcome: Outcome, *, now: datetime) -> None:
    attempt = Attempt(delivery=delivery, at=now, seconds=outcome.seconds)
    if isinstance(outcome, Response):
        excerpt = outcome.body[:EXCERPT_BYTES].decode("utf-8", "replace")
        attempt.status, attempt.excerpt = outcome.status, redact(excerpt.replace("\x00", ""))
    else:
        attempt.error = str(outcome)[:300]
    attempt.save()


def _pause(webhook: Webhook, outcome: Outcome, *, now: datetime) -> None:
    """Pause a receiver that is busy or away: longer each time, up to five minutes or as it asks."""
    if not outcomes.is_busy(outcome):
        if webhook.failures:
            Webhook.objects.filter(pk=webhook.pk).update(failures=0, paused_until=None)
        return
    backoff = min(FIRST_PAUSE * 2**webhook.failures, LONGEST_PAUSE)
    pause = max(backoff, outcomes.retry_after(outcome, now=now))
    Webhook.objects.filter(pk=webhook.pk).update(
        failures=min(webhook.failures + 1, MAX_FAILURES), paused_until=now + pause
    )
