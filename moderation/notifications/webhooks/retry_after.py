"""Whether a receiver is busy, and how long it asks to be left alone (RFC 9110, section 10.2.3)."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from moderation.notifications.webhooks.http_client import Outcome, Response

BUSY = (429, 502, 503, 504)
LONGEST_WAIT = timedelta(days=1)


def is_busy(outcome: Outcome) -> bool:
    """Tell whether the receiver is overloaded or can't be reached."""
    return not isinstance(outcome, Response) or outcome.status in BUSY


def requested(outcome: Outcome, *, now: datetime) -> timedelta:
    """Return how long a busy receiver asks not to be sent anything: a day at most, or nothing."""
    if not isinstance(outcome, Response) or outcome.status not in BUSY:
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
