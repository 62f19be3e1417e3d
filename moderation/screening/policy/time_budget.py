"""Limits for what a person starts and waits for: so many seconds, and one at a time for a site."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from django.core.cache import cache
from django.utils.translation import gettext

from comments.models import Site

SECONDS = 10.0
# A process that dies frees its place after so many seconds.
LEASE = 60


class AlreadyRunning(Exception):
    """Something of this kind runs for the site; the message says what."""


class TimeBudget:
    """So many seconds from now on; `clock` returns seconds, and never goes back."""

    def __init__(self, seconds: float = SECONDS, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._end = clock, clock() + seconds

    def is_spent(self) -> bool:
        """Tell whether the time is over."""
        return self._clock() >= self._end


@contextmanager
def one_at_a_time(site: Site, what: str) -> Iterator[None]:
    """Hold the place of a site for something, in all processes. Raises AlreadyRunning."""
    key = f"{what}-{site.pk}".replace(" ", "-")
    if not cache.add(key, True, timeout=LEASE):
        raise AlreadyRunning(
            gettext("This is running for the site already. Wait until it is done.")
        )
    try:
        yield
    finally:
        cache.delete(key)
