"""Quotas: how often one network address may post at one site."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from comments.models import Comment, Site
from comments.privacy import email_addresses

# Posts that one address may make at one site: (how many, in what time).
LIMITS = ((10, timedelta(minutes=1)), (60, timedelta(hours=1)))


class Quota(NamedTuple):
    """A limit on posting: of `limit` posts in a `period` some remain; all do in `reset` seconds."""

    limit: int
    period: timedelta
    remaining: int
    reset: int


def left(address: str, *, site: Site, now: datetime) -> list[Quota]:
    """Return what an address may still post at a site, one quota for each of the LIMITS.

    The comments themselves are counted: exact, whichever process took them, after any restart.
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
    # The oldest post that counts makes room when it is one period old.
    reset = (posted[:most][-1] + period - now).total_seconds() if posted else 0
    return Quota(most, period, max(most - len(posted), 0), int(reset) + bool(posted))
