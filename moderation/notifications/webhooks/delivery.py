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
    if not (deliveries := related.claim(now=now)):
        return 0
    make_request = partial(_request, emails=_addresses(deliveries, now=now), now=now)
    pairs = signatures.requests_for(deliveries, make_request, now=now)
    results = http_client.send_all([request for _, request in pairs], timeout=TIMEOUT)
    attempts = [(row, outcome) for (row, _), outcome in zip(pairs, results, strict=True)]
    _record(attempts, now=now)
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
def _record(attempts: Sequence[tuple[Delivery, Outcome]], *, now: datetime) -> None:
    """Record what came of a batch of attempts, in a few statements where they succeeded.

    Those come first: a webhook that is disabled gives up what still waits.
    """
    # A webhook or comment may have been deleted while the requests were under way.
    locked = Delivery.objects.select_for_update(of=("self",)).order_by("pk")
    there = set(locked.filter(pk__in=[d.pk for d, _ in attempts]).values_list("pk", flat=True))
    attempts = [(delivery, outcome) for delivery, outcome in attempts if delivery.pk in there]
    Attempt.objects.bulk_create([_log_entry(*attempt, now=now) for attempt in attempts])
    Delivery.objects.succeed(
        (d for d, outcome in attempts if not outcomes.failure(outcome)), now=now
    )
    by_webhook: dict[Webhook, list[Outcome]] = {}
    for delivery, outcome in attempts:
        by_webhook.setdefault(delivery.webhook, []).append(outcome)
        if error := outcomes.failure(outcome):
            _record_failure(delivery, outcome, error, now=now)
    for webhook, of_webhook in by_webhook.items():
        _pause(webhook, of_webhook, now=now)


def _record_failure(delivery: Delivery, outcome: Outcome, error: str, *, now: datetime) -> None:
    if outcomes.is_gone(outcome):
        delivery.give_up(error)
        delivery.webhook.disable(because=error, now=now)
    else:
        delivery.fail(error, now=now, at_least=outcomes.retry_after(outcome, now=now))


def _log_entry(delivery: Delivery, outcome: Outcome, *, now: datetime) -> Attempt:
    attempt = Attempt(delivery=delivery, at=now, seconds=outcome.seconds)
    if isinstance(outcome, Response):
        excerpt = outcome.body[:EXCERPT_BYTES].decode("utf-8", "replace")
        attempt.status, attempt.excerpt = outcome.status, redact(excerpt.replace("\x00", ""))
    else:
        attempt.error = str(outcome)[:300]
    return attempt


def _pause(webhook: Webhook, of_batch: Sequence[Outcome], *, now: datetime) -> None:
    """Pause a receiver that is busy or away, as long as it asks or up to five minutes.

    Longer each time, unless it took anything of this batch.
    """
    answered = any(not outcomes.is_busy(outcome) for outcome in of_batch)
    failures = 0 if answered else min(webhook.failures + 1, MAX_FAILURES)
    paused_until = None
    if busy := [outcome for outcome in of_batch if outcomes.is_busy(outcome)]:
        backoff = min(FIRST_PAUSE * 2 ** max(failures - 1, 0), LONGEST_PAUSE)
        asked = max(outcomes.retry_after(outcome, now=now) for outcome in busy)
        paused_until = now + max(backoff, asked)
    elif not webhook.failures:
        return
    Webhook.objects.filter(pk=webhook.pk).update(failures=failures, paused_until=paused_until)
