"""Tries to sign in, counted by what they are tried on and from where, with growing waits.

Each `Counter` gives some tries away. Beyond them every further failure doubles the wait, up to a
longest; a day after the last failure all is forgotten. A try is counted before it is looked at, so
that a thousand at once are no more than a thousand in a row, and taken back when it was right. What
comes while a counter waits is refused unseen and not counted: nobody prolongs a wait by knocking.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from comments.models import CacheEntry

FORGET = timedelta(days=1)


class TooManyTries(Exception):
    """A counter waits; `wait` is how long the longest of the waits still is."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Too many tries: wait for {wait}.")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts the tries of a `subject`: whatever it names, only a digest of it is stored.

    `free` failures cost nothing but the last of them, which starts the `first` wait. `is_own`:
    that of who signs in, and cleared when they do; others keep what other people failed.
    """

    subject: tuple[str, ...]
    free: int
    first: timedelta
    longest: timedelta
    is_own: bool = False

    @property
    def key(self) -> str:
        """Return the key of the stored entry."""
        return f"tries {hashlib.sha256(repr(self.subject).encode()).hexdigest()}"

    def wait_after(self, failures: int) -> timedelta:
        """Return how long to wait after so many failures."""
        if failures < self.free:
            return timedelta()
        # Beyond 2^32 any wait is the longest one.
        return min(self.first * (1 << min(failures - self.free, 32)), self.longest)


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted, and the moment until which its counter waits because of it."""

    counter: Counter
    until: float


@transaction.atomic
def take(counters: Sequence[Counter], *, now: datetime) -> list[Try]:
    """Count a try at each counter; raise TooManyTries, and count nothing, while one of them waits.

    The entries are locked in one order, so that tries at once queue instead of deadlocking.
    """
    entries = [(counter, _locked(counter, now=now)) for counter in _in_order(counters)]
    if waits := [wait for _, entry in entries if (wait := _until(entry) - now) > timedelta()]:
        raise TooManyTries(max(waits))
    for counter, entry in entries:
        failures = entry.value["failures"] + 1
        _store(entry, failures=failures, until=now + counter.wait_after(failures), now=now)
    return [Try(counter, entry.value["until"]) for counter, entry in entries]


@transaction.atomic
def give_back(tries: Sequence[Try], *, now: datetime) -> None:
    """Take back a try that was right: clear counters of one's own, uncount it at the others."""
    for one in tries:
        entry = _locked(one.counter, now=now)
        failures = 0 if one.counter.is_own else max(entry.value["failures"] - 1, 0)
        if not failures:
            entry.delete()
            continue
        # A wait that others earned meanwhile stays.
        until = now if entry.value["until"] == one.until else _until(entry)
        _store(entry, failures=failures, until=until, now=now)


def _in_order(counters: Sequence[Counter]) -> list[Counter]:
    return sorted(counters, key=lambda counter: counter.key)


def _locked(counter: Counter, *, now: datetime) -> CacheEntry:
    """Return the entry of a counter, locked; one that is new or expired has no failures."""
    new = {"value": {"failures": 0, "until": 0.0}, "expires_at": now + FORGET}
    CacheEntry.objects.get_or_create(key=counter.key, defaults=new)
    entry = CacheEntry.objects.select_for_update().get(key=counter.key)
    if entry.expires_at is not None and entry.expires_at <= now:
        entry.value = new["value"]
    return entry


def _until(entry: CacheEntry) -> datetime:
    return datetime.fromtimestamp(entry.value["until"], UTC)


def _store(entry: CacheEntry, *, failures: int, until: datetime, now: datetime) -> None:
    entry.value = {"failures": failures, "until": until.timestamp()}
    entry.expires_at = max(until, now) + FORGET
    entry.save(update_fields=["value", "expires_at"])
