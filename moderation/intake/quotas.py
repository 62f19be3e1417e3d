"""Quotas on posting, for each IP address and site."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from comments.models import Comment, Site
from comments.privacy import email_addresses

# Posts of one IP address at one site: (limit, period).
LIMITS = ((10, timedelta(minutes=1)), (60, timedelta(hours=1)))


class Quota(NamedTuple):
    """A quota: `remaining` of `limit` posts in `period`; one more is free in `reset` seconds."""

    limit: int
    period: timedelta
    remaining: int
    reset: int


def remaining(address: str, *, site: Site, now: datetime) -> list[Quota]:
    """Return the quotas of an IP address at a site, one for each of the LIMITS.

    The stored comments are counted, so the quotas are exact across processes and restarts.
    """
    recent = Comment.objects.filter(
        site=site, address_digest=email_addresses.address_digest(address)
    )
    posted = list(
        recent.filter(created_at__gt=now - LIMITS[-1][1])
        .order_by("-created_at")
        .values_list("created_at", flat=True)[: LIMITS[-1][0]]
    )
    return [
        _quota([at for at in posted if at > now - period], most, period, now=now)
        for most, period in LIMITS
    ]


def _quota(posted: Sequence[datetime], most: int, period: timedelta, *, now: datetime) -> Quota:
    # The oldest post that counts is freed when it is one period old.
    reset = (posted[:most][-1] + period - now).total_seconds() if posted else 0
    return Quota(most, period, max(most - len(posted), 0), int(reset) + bool(posted))
