"""How a webhook fares: what waits, what was given up, its last error and last deliveries."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q
from django.utils.translation import gettext

from moderation.models import Attempt, Delivery, Webhook
from moderation.models.deliverable import DeliveryState
from moderation.models.delivery_errors import in_words

MOST = 10


class LastError(NamedTuple):
    """Why the last attempt that failed did, when, and what the receiver answered."""

    words: str
    at: datetime
    excerpt: str


def of(webhook: Webhook, *, now: datetime) -> dict[str, Any]:
    """Return the context of `desk/webhook.html`."""
    rows = Delivery.objects.filter(webhook=webhook)
    numbers = rows.aggregate(
        waiting=Count("pk", filter=Q(state=DeliveryState.WAITING)),
        dead=Count("pk", filter=Q(state=DeliveryState.DEAD)),
    )
    last = rows.order_by("-id").select_related("event").prefetch_related("tries")[:MOST]
    deliveries: list[Any] = list(last)
    for delivery in deliveries:
        delivery.answer = answer_in_words(delivery)
    paused = webhook.paused_until
    return {
        **numbers,
        "deliveries": deliveries,
        "disabled_because": in_words(webhook.disabled_because),
        "last_error": _last_error(webhook),
        "failing": webhook.failures > 0,
        "paused_until": paused if paused and paused > now else None,
    }


def answer_in_words(delivery: Delivery) -> str:
    """Return what came of the last attempt: "Answered 500", or why there was no answer."""
    tries = list(delivery.tries.all())
    return _in_words(tries[-1]) if tries else ""


def _in_words(attempt: Attempt) -> str:
    if not attempt.status:
        return in_words(attempt.error)
    return gettext("Answered %(status)s") % {"status": attempt.status}


def _last_error(webhook: Webhook) -> LastError | None:
    """Return the last error, unless something was delivered since."""
    tries = Attempt.objects.filter(delivery__webhook=webhook).order_by("-id")
    last = tries.first()
    if last is None or _is_success(last):
        return None
    return LastError(_in_words(last), last.at, last.excerpt)


def _is_success(attempt: Attempt) -> bool:
    return attempt.status is not None and 200 <= attempt.status < 300
