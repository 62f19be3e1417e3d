"""How often a key may be used: counted in Redis where there is one, else in each process."""

from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

WINDOW = 60


class Usage(NamedTuple):
    """What a key may still do: `remaining` of `limit` requests, all of them in `reset` seconds."""

    limit: int
    remaining: int
    reset: int
    allowed: bool


def use(key_id: str, *, now: float, cost: int = 1) -> Usage:
    """Count a request of a key, as of `now` (seconds since 1970), and tell what is left.

    When the counting store is away the request is allowed: losing comments would be worse than
    serving a few too many.
    """
    item = _item(settings.KEY_LIMIT)
    try:
        limiter = _limiter(settings.REDIS_URL)
        allowed = limiter.hit(item, key_id, cost=cost)
        stats = limiter.get_window_stats(item, key_id)
    except Exception:
        return Usage(settings.KEY_LIMIT, settings.KEY_LIMIT, WINDOW, allowed=True)
    reset = max(1, int(stats.reset_time - now) + 1)
    return Usage(settings.KEY_LIMIT, max(stats.remaining, 0), reset, allowed)


def _item(limit: int) -> RateLimitItem:
    return RateLimitItemPerMinute(limit)


@lru_cache(maxsize=1)
def _limiter(redis_url: str) -> SlidingWindowCounterRateLimiter:
    impatient: Any = {"socket_connect_timeout": 0.2, "socket_timeout": 0.5}
    storage = RedisStorage(redis_url, **impatient) if redis_url else MemoryStorage()
    return SlidingWindowCounterRateLimiter(storage)
