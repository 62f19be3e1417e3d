"""Rate limits: counted in Redis where there is one, for all processes; else in each process.

While Redis is away each process counts for itself, so that nothing is unlimited and nobody waits
for it. The headers follow draft-ietf-httpapi-ratelimit-headers, as structured fields (RFC 9651).
"""

import logging
import time
from collections.abc import Mapping
from functools import lru_cache
from math import ceil
from typing import Any, NamedTuple

from django.conf import settings
from limits.storage import MemoryStorage, RedisStorage

from comments.databases import redis_client

if settings.REDIS_URL:
    # It comes with an extra. Two threads that import it at once, with their first requests, would
    # find half of it.
    import redis  # noqa: F401

WINDOW = 60
# Callers whose address can't be read are many people, who have so many times the limit together.
TIMES_FOR_NOBODY = 20
# Seconds in which Redis is not asked again once it failed: each try may take half a second.
REST = 5.0

log = logging.getLogger(__name__)


class RateLimit(NamedTuple):
    """A limit after a request: `remaining` of `limit` are left, more of them in `reset` seconds.

    `window` is the seconds for which the limit counts.
    """

    limit: int
    remaining: int
    reset: int
    allowed: bool
    window: int = WINDOW


class Count(NamedTuple):
    """What was used in the present window, after `elapsed` seconds of it, and in the one before."""

    previous: int
    current: int
    elapsed: float

    @property
    def weighted(self) -> float:
        """The use of the last WINDOW seconds, as if that of the window before were spread evenly.

        The sliding window counter of https://limits.readthedocs.io/en/stable/strategies.html.
        """
        return self.previous * (1 - self.elapsed / WINDOW) + self.current

    def wait(self, room: float) -> float:
        """Return the seconds until no more than `room` is in use."""
        left = WINDOW - self.elapsed
        if self.weighted <= room:
            return 0.0
        if self.current <= room:
            return left - WINDOW * (room - self.current) / self.previous
        return left + WINDOW * (1 - max(room, 0) / self.current)


def use(name: str, *, now: float, limit: int | None = None, cost: int = 1) -> RateLimit:
    """Count a request under a name at `now` (seconds since 1970) and return what is left.

    `limit` is requests a minute, KEY_LIMIT by default. A refused request is not counted. While
    Redis is away each process counts by itself: several of them let more through together, and
    none lets everything through.
    """
    limit = settings.KEY_LIMIT if limit is None else limit
    count, allowed = _hit(name, now=now, limit=limit, cost=cost)
    remaining = max(int(limit - count.weighted), 0)
    wait = count.wait(limit - cost) if not allowed or not remaining else WINDOW - count.elapsed
    return RateLimit(limit, remaining, max(ceil(wait), 1), allowed)


def use_for(network: str, name: str, *, now: float, limit: int) -> RateLimit:
    """Count a request of a network (its digest), or of all callers without one where it is ""."""
    times = 1 if network else TIMES_FOR_NOBODY
    return use(f"{name} {network or 'nobody'}", now=now, limit=limit * times)


def headers(limits: Mapping[str, RateLimit]) -> dict[str, str]:
    """Return `RateLimit-Policy` and `RateLimit` for named limits; nothing where there are none."""
    if not limits:
        return {}
    named = [(f'"{name}"', usage) for name, usage in limits.items()]
    return {
        "RateLimit-Policy": ", ".join(f"{name};q={u.limit};w={u.window}" for name, u in named),
        "RateLimit": ", ".join(f"{name};r={u.remaining};t={u.reset}" for name, u in named),
    }


class _Counters:
    """The counters of Redis, and those of this process for while Redis is away."""

    def __init__(self, redis_url: str) -> None:
        self._shared = _storage(redis_url) if redis_url else None
        self._own = MemoryStorage()
        self._asked_again_at = 0.0

    def hit(self, name: str, *, now: float, limit: int, cost: int) -> tuple[Count, bool]:
        """Add the cost to the window of `now` unless that exceeds the limit."""
        if self._shared is None or time.monotonic() < self._asked_again_at:
            return _count(self._own, name, now=now, limit=limit, cost=cost)
        try:
            return _count(self._shared, name, now=now, limit=limit, cost=cost)
        except Exception as error:
            self._asked_again_at = time.monotonic() + REST
            log.warning("Redis does not count: limits hold for each process alone (%s)", error)
            return _count(self._own, name, now=now, limit=limit, cost=cost)


def _storage(redis_url: str) -> RedisStorage:
    # The class for Sentinels would ask replicas, and log in to Sentinels with Redis's password.
    pool: Any = redis_client.client(redis_url).connection_pool
    return RedisStorage("redis://", connection_pool=pool)


def _hit(name: str, *, now: float, limit: int, cost: int) -> tuple[Count, bool]:
    return _counters(settings.REDIS_URL).hit(name, now=now, limit=limit, cost=cost)


def _count(
    store: MemoryStorage | RedisStorage, name: str, *, now: float, limit: int, cost: int
) -> tuple[Count, bool]:
    """Add the cost to the window of `now` unless that exceeds the limit.

    The windows are in the names of the counters, so no clock but the caller's is looked at; the
    store's own clock only clears away what is past.
    """
    window = int(now // WINDOW)
    current = store.incr(f"{name}/{window}", 2 * WINDOW, cost)
    count = Count(store.get(f"{name}/{window - 1}"), current, now % WINDOW)
    if count.weighted <= limit:
        return count, True
    store.incr(f"{name}/{window}", 2 * WINDOW, -cost)
    return count._replace(current=current - cost), False


@lru_cache(maxsize=1)
def _counters(redis_url: str) -> _Counters:
    return _Counters(redis_url)
