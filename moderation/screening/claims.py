"""Claims: the leases under which workers screen comments, so that no two screen the same one.

A worker that dies leaves a lease that expires, and an attempt that counts against the comment: it
may be what killed the worker. A database that goes away kills no worker, which gives back what it
had claimed as soon as the database answers again.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from moderation.models import Screening

# Comments that are retried together, the first time after their worker died.
RETRIED = 16
# Errors of PostgreSQL that are of no statement's own making, by the beginnings of their codes:
# connection, disk full, too many connections, shut down. One without a code lost its connection.
OF_THE_DATABASE = ("08", "53100", "53300", "57P")


class Lease(NamedTuple):
    """Claimed comments with the numbers of their attempts, this one included."""

    attempts: Mapping[UUID, int]
    until: datetime


# What this process has claimed when the database went away.
_interrupted: list[Lease] = []


@transaction.atomic
def claim(limit: int, *, now: datetime) -> Lease:
    """Claim due comments under a lease.

    Unclaimed ones are claimed together. Those whose lease expired are retried a few at a time, and
    then one by one, so that a comment which kills workers affects few others, and none for long.
    """
    _give_back(now=now)
    due = Screening.objects.select_for_update(skip_locked=True)
    claimed = list(due.unclaimed().order_by("id")[:limit])
    if not claimed:
        expired = list(due.expired(now).order_by("claimed_until")[: min(limit, RETRIED)])
        claimed = [screening for screening in expired if screening.attempts == 1] or expired[:1]
    lease = Lease(
        {screening.comment_id: screening.attempts + 1 for screening in claimed},
        until=now + timedelta(seconds=settings.SCREENING_LEASE),
    )
    Screening.objects.filter(pk__in=[screening.pk for screening in claimed]).update(
        attempts=F("attempts") + 1, claimed_until=lease.until
    )
    return lease


@contextmanager
def given_back_if_the_database_goes_away(lease: Lease) -> Iterator[None]:
    """Screen within this block; where the database goes away, no attempt is counted."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        code = getattr(error.__cause__, "sqlstate", None)
        if code is None or code.startswith(OF_THE_DATABASE):
            _interrupted.append(lease)
        raise


def _give_back(*, now: datetime) -> None:
    """End the leases that were interrupted, unless somebody else has claimed the comments since."""
    if not _interrupted:
        return
    for lease in _interrupted:
        own = Screening.objects.filter(comment__in=lease.attempts, claimed_until=lease.until)
        own.update(attempts=F("attempts") - 1, claimed_until=now)
    # Where this is undone, the leases expire by themselves.
    transaction.on_commit(_interrupted.clear)
