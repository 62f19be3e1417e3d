"""Quotas on posting, for each IP address and site."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

# Posts of one IP address at one site: (limit, period).
LIMITS = ((10, timedelta(minutes=1)), (60, timedelta(hours=1)))


class Quota(NamedTuple):
    """A quota: `remaining` of `limit` posts in `period`; one more is free in `reset` seconds."""

    limit: int
    period: timedelta
    remaining: int
    reset: int


def remaining(posted: Sequence[datetime], *, now: datetime) -> list[Quota]:
    """Return the quotas of an address that posted at these times, one for each of the LIMITS.

    The times are those of the stored comments, the newest first (`lookup`), so the quotas are exact
    across processes and restarts.
    """
    return [
        _quota([at for at in posted if at > now - period], most, period, now=now)
        for most, period in LIMITS
    ]


def _quota(posted: Sequence[datetime], most: int, period: timedelta, *, now: datetime) -> Quota:
    # The oldest post that counts is freed when it is one period old.
    reset = (posted[:most][-1] + period - now).total_seconds() if posted else 0
    return Quota(most, period, max(most - len(posted), 0), int(reset) + bool(posted))
