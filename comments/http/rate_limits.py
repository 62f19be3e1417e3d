"""How often something may be done: counted in Redis where there is one, else in each process."""

from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

WINDOW = 60


class RateLimit(NamedTuple):
    """What may still be done: `remaining` of `limit` requests, all of them in `reset` seconds."""

    limit: int
    remaining: int
    reset: int
    allowed: bool


def use(name: str, *, now: float, limit: int | None = None, cost: int = 1) -> RateLimit:
    """Count a request under a name, as of `now` (seconds since 1970), and tell what is left.

    `limit` is how many there may be in a minute: without it, as many as a key may make. When the
    counting store is away the request is allowed: losing comments would be worse than serving a
    few too many.
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


@lru_cache(maxsize=1)
def _limiter(redis_url: str) -> SlidingWindowCounterRateLimiter:
    impatient: Any = {"socket_connect_timeout": 0.2, "socket_timeout": 0.5}
    storage = RedisStorage(redis_url, **impatient) if redis_url else MemoryStorage()
    return SlidingWindowCounterRateLimiter(storage)
