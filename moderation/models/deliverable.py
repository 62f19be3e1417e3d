"""Rows that are delivered to somebody outside: retried with backoff, and given up at last.

The table is the queue. A worker claims due rows under a lease, makes one attempt for each, and
records the outcome. When it dies, another worker claims the row once the lease has expired: so
a row is delivered at least once, and sometimes twice. A worker that comes late changes nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from moderation.models import delivery_errors
from moderation.models.retry_policy import RetryPolicy

MAX_ERROR = 300


class DeliveryState(models.TextChoices):
    """How far a delivery is."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Given up")


def waiting_index(name: str) -> models.Index:
    """Return the index that finds the rows that are due; each model needs one of its own name."""
    condition = Q(state=DeliveryState.WAITING)
    return models.Index(fields=["next_attempt_at"], condition=condition, name=name)


D = TypeVar("D", bound="Deliverable")


class DeliverableQuerySet(models.QuerySet[D]):
    """Deliverable rows: which are due, and what can be done to many at once."""

    def waiting(self) -> Self:
        """Keep the rows that are neither delivered nor given up."""
        return self.filter(state=DeliveryState.WAITING)

    def due(self, now: datetime) -> Self:
        """Keep the rows to attempt now, which no worker has under lease."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.waiting().filter(free, next_attempt_at__lte=now)

    def withdrawable(self, now: datetime) -> Self:
        """Keep the rows that nobody has attempted, and whose time has not come."""
        return self.waiting().filter(attempts=0, claimed_until=None, next_attempt_at__gt=now)

    @staticmethod
    def is_abandoned(row: D) -> bool:
        """Tell whether a worker died in the last attempt at a due row: another one might, too."""
        return row.attempts > len(row.retry_policy.delays)

    def lock_due(self, *, now: datetime, most: int) -> list[D]:
        """Return the rows to attempt next, locked."""
        return self.lock_longest_due(now=now, most=most)

    def lock_longest_due(self, *, now: datetime, most: int) -> list[D]:
        """Return due rows that no other worker is looking at, the longest due first, locked."""
        free = self.due(now).select_for_update(skip_locked=True, of=("self",))
        return list(free.order_by("next_attempt_at", "pk")[:most])

    def claim(self, *, now: datetime) -> list[D]:
        """Lease a batch of due rows to this worker, count the attempt, and return them."""
        policy = self.model.retry_policy
        expires = now + policy.lease
        with transaction.atomic():
            locked = self.lock_due(now=now, most=policy.batch)
            abandoned = [row.pk for row in locked if self.is_abandoned(row)]
            rows = [row for row in locked if not self.is_abandoned(row)]
            if abandoned:
                self.filter(pk__in=abandoned).give_up(delivery_errors.WORKER_DIED)
            claimed = self.model._base_manager.filter(pk__in=[row.pk for row in rows])
            claimed.update(claimed_until=expires, attempts=F("attempts") + 1)
        if abandoned and not rows:
            return self.claim(now=now)
        for row in rows:
            row.claimed_until, row.attempts = expires, row.attempts + 1
        return rows

    def succeed(self, rows: Iterable[D], *, now: datetime) -> int:
        """Record that the attempts of many rows succeeded; return of how many the claim lasted."""
        claims: dict[Any, list[Any]] = {}
        for row in rows:
            claims.setdefault((row.claimed_until, row.attempts), []).append(row.pk)
        changes = self.model.delivered(now=now)
        return sum(
            self.filter(pk__in=pks, claimed_until=until, attempts=attempts).update(**changes)
            for (until, attempts), pks in claims.items()
        )

    def give_up(self, error: str, **changes: Any) -> int:
        """Give up those that wait, whoever has a lease on them; return how many."""
        changes = {**self.model.cleared_at_end, **changes}
        return self.waiting().update(
            state=DeliveryState.DEAD, claimed_until=None, last_error=error, **changes
        )

    def retry(self, *, now: datetime, **changes: Any) -> int:
        """Put rows back, due now and from the first attempt on; return how many."""
        return self.update(
            state=DeliveryState.WAITING,
            attempts=0,
            next_attempt_at=now,
            claimed_until=None,
            last_error="",
            **changes,
        )


class Deliverable(models.Model):
    """A row that is delivered to somebody outside, until that works or it is given up."""

    retry_policy: ClassVar[RetryPolicy]
    # Columns that are cleared, and to what, when a row is delivered or given up.
    cleared_at_end: ClassVar[Mapping[str, Any]] = {}
    # The column with the moment of success, where a model has one.
    succeeded_at: ClassVar[str] = ""

    state = models.CharField(
        _("state"), max_length=16, choices=DeliveryState, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    claimed_until = models.DateTimeField(null=True)
    last_error = models.CharField(_("last failure"), max_length=MAX_ERROR, blank=True)

    class Meta:
        abstract = True

    def retry_delay(self) -> timedelta | None:
        """Return the delay after the attempts so far, without jitter; None to give up."""
        return self.retry_policy.delay(self.attempts)

    def record_outcome(self, error: str, *, now: datetime) -> bool:
        """Record that the attempt failed with an error, or with none that it succeeded."""
        return self.fail(error, now=now) if error else self.succeed(now=now)

    @classmethod
    def delivered(cls, *, now: datetime) -> dict[str, Any]:
        """Return the columns of a row whose attempt succeeded at `now`."""
        changes = {**cls.cleared_at_end, "claimed_until": None, "last_error": ""}
        if cls.succeeded_at:
            changes[cls.succeeded_at] = now
        return {**changes, "state": DeliveryState.DELIVERED}

    def succeed(self, *, now: datetime) -> bool:
        """Record that the attempt succeeded, at `now`; see `update_claimed`."""
        return self.update_claimed(**self.delivered(now=now))

    def fail(self, error: str, *, now: datetime, at_least: timedelta = timedelta()) -> bool:
        """Record that the attempt failed, and retry after the delay but not before `at_least`.

        Gives up after the last attempt. See `update_claimed`.
        """
        delay = self.retry_delay()
        if delay is None:
            return self.give_up(error)
        wait = max(self.retry_policy.with_jitter(delay), at_least)
        return self.update_claimed(
            next_attempt_at=now + wait, claimed_until=None, last_error=clean_error(error)
        )

    def give_up(self, error: str, **changes: Any) -> bool:
        """Record that no attempt will succeed; see `update_claimed`."""
        ended = {"state": DeliveryState.DEAD, "last_error": clean_error(error)}
        return self.update_claimed(
            claimed_until=None, **{**self.cleared_at_end, **ended, **changes}
        )

    def update_claimed(self, **changes: Any) -> bool:
        """Change columns while this worker's claim lasts, and return whether it does.

        It is lost when the lease expired and another worker claimed the row, or when the row was
        put back, replaced, cancelled or given up meanwhile.
        """
        claimed = type(self)._base_manager.filter(
            pk=self.pk, claimed_until=self.claimed_until, attempts=self.attempts
        )
        if not claimed.update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True


def clean_error(error: str) -> str:
    """Return an error as it fits the column, and without NUL, which PostgreSQL refuses."""
    return error.replace("\x00", "")[:MAX_ERROR]


class OptionalDeliverableQuerySet(DeliverableQuerySet[D]):
    """Rows of which only some have something to deliver."""

    def cancel(self, **changes: Any) -> int:
        """Leave nothing to deliver, and no claim of a worker; return of how many rows."""
        changes = {**self.model.cleared_at_end, **changes}
        return self.update(state="", next_attempt_at=None, claimed_until=None, **changes)


class OptionalDeliverable(Deliverable):
    """A row that may have nothing to deliver: `state` is empty then, and nothing is due."""

    state = models.CharField(max_length=16, choices=DeliveryState, blank=True)
    next_attempt_at = models.DateTimeField(null=True)  # type: ignore[assignment]

    class Meta:
        abstract = True
