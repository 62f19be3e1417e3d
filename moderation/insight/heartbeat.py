"""When periodic work was last done, so that somebody notices when it is not.

Without beat, or without a worker of `screening`, nothing is swept, purged or watched, and comments
whose message was lost wait for ever.
"""

from datetime import datetime, timedelta

from django.core.cache import cache

KEY = "heartbeat"
# It is done each minute (config/celery.py).
LATE = timedelta(minutes=3)
KEPT = timedelta(days=365)


def record(*, now: datetime) -> None:
    """Note that periodic work is done."""
    cache.set(KEY, now.isoformat(), KEPT.total_seconds())


def last() -> datetime | None:
    """Return when periodic work was last done; None if it never was."""
    noted = cache.get(KEY)
    return datetime.fromisoformat(noted) if noted else None
