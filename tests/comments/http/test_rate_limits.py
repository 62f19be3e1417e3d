"""Rate limits: counted at the caller's time, and told in the headers that all APIs share."""

from itertools import count

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st
from limits.storage import MemoryStorage

from comments.http import rate_limits
from comments.http.rate_limits import WINDOW, RateLimit, headers, use

# The beginning of a window.
START = 1_795_521_600.0
fresh = count()


def test_each_limit_is_named_with_its_window_and_what_is_left() -> None:
    minute, hour = RateLimit(10, 9, 60, allowed=True), RateLimit(60, 0, 5, False, window=3600)
    assert headers({"60s": minute, "3600s": hour}) == {
        "RateLimit-Policy": '"60s";q=10;w=60, "3600s";q=60;w=3600',
        "RateLimit": '"60s";r=9;t=60, "3600s";r=0;t=5',
    }


def test_without_limits_there_are_no_headers() -> None:
    assert headers({}) == {}


def test_the_time_is_the_callers() -> None:
    for _ in range(3):
        assert use("a", now=START, limit=3).allowed
    assert not use("a", now=START + 59, limit=3).allowed
    assert use("a", now=START + 2 * WINDOW, limit=3).allowed
    assert use("a", now=START - 10 * WINDOW, limit=3).allowed


def test_what_the_window_before_used_fades() -> None:
    for _ in range(4):
        use("a", now=START + 59, limit=4)
    assert not use("a", now=START + WINDOW, limit=4).allowed
    assert use("a", now=START + WINDOW + 15, limit=4).allowed
    assert not use("a", now=START + WINDOW + 15, limit=4).allowed


def test_a_refused_request_does_not_prolong_the_wait() -> None:
    use("a", now=START, limit=1)
    for second in range(1, 100):
        assert not use("a", now=START + second, limit=1).allowed
    assert use("a", now=START + 2 * WINDOW, limit=1).allowed


def test_a_costly_request_uses_up_more() -> None:
    assert use("a", now=START, limit=5, cost=4).remaining == 1
    assert not use("a", now=START, limit=5, cost=2).allowed


@given(
    at=st.lists(st.floats(0, 3 * WINDOW), min_size=1, max_size=40),
    limit=st.integers(1, 8),
)
def test_who_waits_as_told_is_served_and_who_comes_sooner_is_not(
    at: list[float], limit: int
) -> None:
    name = f"property {next(fresh)}"
    refused = None
    for moment in sorted(at):
        usage = use(name, now=START + moment, limit=limit)
        if not usage.allowed:
            refused = (moment, usage)
            break
    if refused:
        moment, usage = refused
        if usage.reset > 1:
            assert not use(name, now=START + moment + usage.reset - 1.001, limit=limit).allowed
        assert use(name, now=START + moment + usage.reset, limit=limit).allowed


class Redis:
    """A Redis that fails while it is `away`, and counts how often it was asked."""

    def __init__(self, url: str, **_: object) -> None:
        self.away, self.asked, self._counters = True, 0, MemoryStorage()

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        self.asked += 1
        if self.away:
            raise ConnectionError("Redis is away")
        return self._counters.incr(key, expiry, amount)

    def get(self, key: str) -> int:
        return self._counters.get(key)


@pytest.fixture
def redis(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Redis:
    redis = Redis("")
    monkeypatch.setattr(rate_limits, "RedisStorage", lambda url, **options: redis)
    settings.REDIS_URL = "redis://away.example"
    return redis


def test_while_redis_is_away_each_process_counts_by_itself(redis: Redis) -> None:
    allowed = [use("a", now=START, limit=3).allowed for _ in range(5)]
    assert allowed == [True, True, True, False, False]


def test_redis_is_not_asked_for_each_request_while_it_is_away(redis: Redis) -> None:
    for _ in range(20):
        use("a", now=START, limit=30)
    assert redis.asked == 1


def test_redis_counts_again_once_it_is_back(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "REST", 0.0)
    use("a", now=START, limit=3)
    redis.away = False
    assert use("a", now=START, limit=3).remaining == 2
