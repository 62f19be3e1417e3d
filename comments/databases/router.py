"""Django's router of databases: queries go to the primary, but for what is read in a snapshot."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction

PRIMARY, REPLICA = DEFAULT_DB_ALIAS, "replica"
_in_snapshot: ContextVar[bool] = ContextVar("in_snapshot", default=False)


@contextmanager
def snapshot() -> Iterator[None]:
    """Read from the replica within this block, all of it as of one moment.

    The backend begins its transactions as REPEATABLE READ and READ ONLY. Whatever is written within
    the block is written to the primary.
    """
    token = _in_snapshot.set(True)
    try:
        with transaction.atomic(using=REPLICA):
            yield
    finally:
        _in_snapshot.reset(token)


def is_in_snapshot() -> bool:
    """Return whether queries are read from the replica at the moment."""
    return _in_snapshot.get()


class Router:
    """Reads go to the replica in a snapshot alone; writes never do, nor do migrations.

    Where a row was read from does not matter: rows of the replica are those of the primary.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Return where a query reads."""
        return REPLICA if is_in_snapshot() else PRIMARY

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Return where a query writes."""
        return PRIMARY

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Return that rows may refer to each other wherever they were read."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Return whether a database has migrations of its own."""
        return db != REPLICA
