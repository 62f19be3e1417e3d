"""Rate limits: counted in Redis where there is one, else in each process.

The headers follow draft-ietf-httpapi-ratelimit-headers, as structured fields (RFC 9651).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

WINDOW = 60


class RateLimit(NamedTuple):
    """A limit after a request: `remaining` of `limit` are left, all again in `reset` seconds.

    `window` is the seconds for which the limit counts.
    """

    limit: int
    remaining: int
    reset: int
    allowed: bool
    window: int = WINDOW


def use(name: str, *, now: float, limit: int | None = None, cost: int = 1) -> RateLimit:
    """Count a request under a name at `now` (seconds since 1970) and return what is left.

    `limit` is requests a minute, KEY_LIMIT by default. When the counting store is unavailable the
    request is allowed: losing comments would be worse than serving a few too many.
    """
    limit = settings.KEY_LIMIT if limit is None else limit
    item = RateLimitItemPerMinute(limit)
    try:
        limiter = _limiter(settings.REDIS_URL)
        allowed = limiter.hit(item, name, cost=cost)
        stats = limiter.get_window_stats(item, name)
    except Exception:
        return RateLimit(limit, limit, WINDOW, allowed=True)
    reset = max(1, int(stats.reset_time - now) + 1)
    return RateLimit(limit, max(stats.remaining, 0), reset, allowed)


def headers(limits: Mapping[str, RateLimit]) -> dict[str, str]:
    """Return `RateLimit-Policy` and `RateLimit` for named limits; nothing where there are none."""
    if not limits:
        return {}
    named = [(f'"{name}"', usage) for name, usage in limits.items()]
    return {
        "RateLimit-Policy": ", ".join(f"{name};q={u.limit};w={u.window}" for name, u in named),
        "RateLimit": ", ".join(f"{name};r={u.remaining};t={u.reset}" for name, u in named),
    }


@lru_cache(maxsize=1)
def _limiter(redis_url: str) -> SlidingWindowCounterRateLimiter:
    impatient: Any = {"socket_connect_timeout": 0.2, "socket_timeout": 0.5}
    storage = RedisStorage(redis_url, **impatient) if redis_url else MemoryStorage()
    return SlidingWindowCounterRateLimiter(storage)
