"""The meaning of a request's outcome: success or failure, gone, busy, and for how long."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import responses

from moderation.models import delivery_errors
from moderation.notifications.webhooks.http_client import Outcome, Response, Unreachable

BUSY = (429, 502, 503, 504)
LONGEST_WAIT = timedelta(days=1)


def failure(outcome: Outcome) -> str:
    """Return why a request failed; "" when it was answered with 2xx."""
    if isinstance(outcome, Unreachable):
        return str(outcome)
    if 200 <= outcome.status < 300:
        return ""
    status = f"{outcome.status} {responses.get(outcome.status, '')}".strip()
    return delivery_errors.ANSWERED % {"status": status}


def is_gone(outcome: Outcome) -> bool:
    """Tell whether the receiver wants no further request (410 Gone)."""
    return isinstance(outcome, Response) and outcome.status == HTTPStatus.GONE


def is_busy(outcome: Outcome) -> bool:
    """Tell whether the receiver is overloaded or can't be reached."""
    return isinstance(outcome, Unreachable) or outcome.status in BUSY


def retry_after(outcome: Outcome, *, now: datetime) -> timedelta:
    """Return how long a busy receiver asks to be left alone: a day at most (RFC 9110, 10.2.3)."""
    if isinstance(outcome, Unreachable) or outcome.status not in BUSY:
        return timedelta()
    return min(_parse(outcome.headers.get("retry-after", ""), now=now), LONGEST_WAIT)


def _parse(header: str, *, now: datetime) -> timedelta:
    """Return the wait in a `Retry-After` header: seconds or a date; nothing when it is neither."""
    if header.strip().isdigit():
        return timedelta(seconds=min(int(header), 10**6))
    try:
        return parsedate_to_datetime(header) - now
    except (ValueError, TypeError):
        return timedelta()
