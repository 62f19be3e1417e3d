"""Retry with backoff: how attempts are spread over time."""

import random
from datetime import timedelta
from typing import NamedTuple


class RetryPolicy(NamedTuple):
    """The schedule of a model's attempts; see `moderation.models.deliverable`.

    `delays[n - 1]` passes after the n-th failed attempt, prolonged at random by up to the share
    `jitter`, so that rows which failed together are not retried together. When the attempt after
    the last delay fails as well, the row is given up. A `lease` must exceed what one attempt, or
    a `batch` of attempts, takes.
    """

    delays: tuple[timedelta, ...]
    lease: timedelta
    jitter: float = 0.0
    batch: int = 1

    def delay(self, attempts: int) -> timedelta | None:
        """Return the delay after so many failed attempts, without jitter; None to give up."""
        return self.delays[attempts - 1] if attempts <= len(self.delays) else None

    def with_jitter(self, delay: timedelta) -> timedelta:
        """Return a delay, prolonged at random; never shortened."""
        return delay * random.uniform(1, 1 + self.jitter)  # noqa: S311 - no secret


def seconds(*delays: int) -> tuple[timedelta, ...]:
    """Return delays that are given in seconds."""
    return tuple(timedelta(seconds=delay) for delay in delays)
