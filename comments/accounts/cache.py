"""A cache in the database, for what sign-in counts: failed tries, and codes that were used.

Django's own keeps pickles, which whoever writes to the database could have executed. This one
keeps JSON. All processes share it, with and without Redis, and it outlives a restart.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from comments.models import CacheEntry


class DatabaseCache(BaseCache):
    """A Django cache backend whose values must be JSON (`CACHES`)."""

    key_func: Callable[..., str]

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Store a value unless there is one; return whether it was stored."""
        name = self.make_and_validate_key(key, version)
        with transaction.atomic():
            CacheEntry.objects.filter(pk=name, expires_at__lte=timezone.now()).delete()
            try:
                with transaction.atomic():
                    CacheEntry.objects.create(
                        key=name, value=value, expires_at=self._expiry(timeout)
                    )
            except IntegrityError:
                return False
        return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return the value of a key, or `default`."""
        entry = self._valid(key, version).first()
        return default if entry is None else entry.value

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Store a value, in place of one that may be there."""
        name = self.make_and_validate_key(key, version)
        CacheEntry.objects.update_or_create(
            key=name, defaults={"value": value, "expires_at": self._expiry(timeout)}
        )

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a key a new expiry; return whether it was there."""
        return self._valid(key, version).update(expires_at=self._expiry(timeout)) > 0

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Delete a key; return whether it was there."""
        deleted, _ = self._valid(key, version).delete()
        return deleted > 0

    def clear(self) -> None:
        """Delete everything."""
        CacheEntry.objects.all().delete()

    def _valid(self, key: Any, version: int | None) -> QuerySet[CacheEntry]:
        lasting = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return CacheEntry.objects.filter(lasting, pk=self.make_and_validate_key(key, version))

    def _expiry(self, timeout: Any) -> datetime | None:
        seconds = self.get_backend_timeout(timeout)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def purge(*, now: datetime) -> None:
    """Delete what has expired."""
    CacheEntry.objects.filter(expires_at__lte=now).delete()
