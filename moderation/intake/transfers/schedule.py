"""Claim transfers under a lease, in an order that is fair to sites, and a bounded number of times.

A claim is the row's `claimed_until`: whoever holds another time has lost the transfer, and changes
nothing more.
"""

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, Subquery

from comments.models import Site
from moderation.intake.transfers import files
from moderation.models import Transfer, TransferState
from moderation.models.transfer import OPEN_STATES

LEASE = timedelta(minutes=5)
# Tries without progress: a worker that is killed each time is one, an error another.
MAX_ATTEMPTS = 5
# What nobody has run or ended in this time ends, and its file goes.
MAX_AGE = timedelta(days=7)


class ClaimLost(Exception):
    """Raised when the transfer was cancelled, or another worker has it."""


class Claim:
    """A worker's right to a transfer, for as long as it renews it."""

    def __init__(self, transfer: Transfer, *, now: datetime) -> None:
        self.transfer = transfer
        self.now, self.started = now, time.monotonic()

    def renew(self, **changes: Any) -> None:
        """Extend the lease and store the changes. Raises ClaimLost."""
        self._update(claimed_until=self._time() + LEASE, **changes)

    def finish(self, state: TransferState, **changes: Any) -> None:
        """Store the end. Raises ClaimLost."""
        self._update(state=state, finished_at=self.now, claimed_until=None, **changes)

    def put_back(self) -> None:
        """Let it wait for its next try, longer after each. Raises ClaimLost."""
        pause = timedelta(minutes=2 ** (self.transfer.attempts - 1))
        self._update(state=TransferState.WAITING, claimed_until=self._time() + pause)

    def _time(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.started)

    def _update(self, **changes: Any) -> None:
        held = Transfer.objects.filter(
            pk=self.transfer.pk,
            state=TransferState.RUNNING,
            claimed_until=self.transfer.claimed_until,
        )
        if not held.update(**changes):
            raise ClaimLost
        for name, value in changes.items():
            setattr(self.transfer, name, value)


def due(*, now: datetime) -> list[UUID]:
    """Return the transfers that may run, the next one first.

    A site has one that runs at a time, and its next turn after those that had theirs longer ago.
    """
    transfers = Transfer.objects.filter(state__in=OPEN_STATES)
    busy = transfers.filter(state=TransferState.RUNNING, claimed_until__gt=now)
    of_site = Transfer.objects.filter(site=OuterRef("site")).order_by().values("site")
    last_turn = of_site.annotate(at=Max("finished_at")).values("at")
    waiting = (
        transfers.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))
        .exclude(site__in=busy.values("site"))
        .annotate(last_turn=Subquery(last_turn))
        .order_by(F("last_turn").asc(nulls_first=True), "created_at", "pk")
    )
    return list(waiting.values_list("pk", flat=True))


def claim(transfer_id: UUID, *, now: datetime) -> Claim | None:
    """Claim a transfer; None where it has ended, is claimed, or its site has another one running.

    One that was tried too often ends here: the worker that tried it could not say so.
    """
    with transaction.atomic():
        list(Site.objects.select_for_update(of=("self",)).filter(transfers=transfer_id))
        transfer = Transfer.objects.filter(pk=transfer_id).select_related("site").first()
        if transfer is None or transfer_id not in due(now=now):
            return None
        if transfer.attempts >= MAX_ATTEMPTS:
            _end(transfer, f"It was tried {MAX_ATTEMPTS} times, and ended its worker.", now=now)
            return None
        transfer.state, transfer.claimed_until = TransferState.RUNNING, now + LEASE
        transfer.attempts += 1
        transfer.save(update_fields=["state", "claimed_until", "attempts"])
    return Claim(transfer, now=now)


def end_abandoned(*, now: datetime) -> None:
    """End the transfers that nobody has finished in MAX_AGE, and delete their files."""
    for transfer in Transfer.objects.filter(
        state__in=OPEN_STATES, created_at__lt=now - MAX_AGE
    ).exclude(state=TransferState.RUNNING, claimed_until__gt=now):
        _end(transfer, f"It was not done within {MAX_AGE.days} days.", now=now)


def _end(transfer: Transfer, error: str, *, now: datetime) -> None:
    transfer.state, transfer.error = TransferState.FAILED, error
    transfer.finished_at, transfer.claimed_until = now, None
    transfer.save(update_fields=["state", "error", "finished_at", "claimed_until"])
    files.delete(transfer)
