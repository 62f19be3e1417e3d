"""One wake-up for many comments: no message is sent while another one waits for a worker.

A mark in Redis says that one waits. The worker takes the mark away before it looks for comments, so
it finds those whose message was left out: they were committed before anybody saw the mark. A mark
whose message is lost ends by itself, and the periodic sweep finds what it stood for.
"""

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from comments.databases import redis_client

if TYPE_CHECKING:
    from redis import Redis

MARK = "leave-a-reply:screening-waits"
# Seconds, the period of the sweep.
LONGEST = 5


def is_needed() -> bool:
    """Return whether a message is to be sent, and mark that one waits.

    Without Redis, or when it is away, each comment has its own.
    """
    if not settings.REDIS_URL:
        return True
    # Its client comes with an extra.
    from redis import RedisError

    try:
        return bool(_redis(settings.REDIS_URL).set(MARK, 1, nx=True, ex=LONGEST))
    except RedisError:
        return True


def clear() -> None:
    """Take the mark away: its message has arrived, or could not be sent."""
    if not settings.REDIS_URL:
        return
    from redis import RedisError

    with suppress(RedisError):
        _redis(settings.REDIS_URL).delete(MARK)


@lru_cache(maxsize=1)
def _redis(url: str) -> "Redis":
    return redis_client.client(url)
