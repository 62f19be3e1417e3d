"""The backend that `DATABASES` names: Django imports `DatabaseWrapper` from here."""

import re
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from itertools import chain, count
from typing import Any

from django.db.backends.postgresql import base
from psycopg import IsolationLevel, RawCursor
from psycopg.pq import TransactionStatus

from config.database import SESSION

# What is asked of a replica's session, beside what the replica itself refuses.
READ_ONLY = {"default_transaction_read_only": "on"}
# Seconds for which a connection that answered, and whose socket is silent since, is trusted.
TRUSTED = 5.0
_PLACEHOLDER = re.compile(r"%(.)")


class PreparedCursor(RawCursor[Any]):
    """A cursor whose statements the server parses and plans once for each connection.

    They must be few, and each always have the same text: the server keeps them all. With `alone` a
    statement needs no transaction around it: where none has begun on the server, it is one by
    itself, without the round trips of BEGIN and COMMIT.
    """

    def __init__(self, connection: Any, *, alone: bool) -> None:
        super().__init__(connection)
        self._alone = alone

    def execute(self, query: Any, params: Any = None, **options: Any) -> "PreparedCursor":
        """Execute a statement with `%s` in the place of each value."""
        with self._without_begin() if self._alone else nullcontext():
            super().execute(_numbered(query), params, **options)
        return self

    @contextmanager
    def _without_begin(self) -> Iterator[None]:
        """Keep the driver from beginning a transaction; Django may believe that one has begun."""
        connection = self.connection
        if connection.autocommit or connection.info.transaction_status != TransactionStatus.IDLE:
            yield
            return
        connection.autocommit = True
        try:
            yield
        finally:
            connection.autocommit = False


@lru_cache(maxsize=256)
def _numbered(sql: str) -> bytes:
    """Return a statement with `$1`, `$2`, … in place of `%s`, as PostgreSQL itself has them."""
    numbers = count(1)
    return _PLACEHOLDER.sub(lambda m: "%" if m[1] == "%" else f"${next(numbers)}", sql).encode()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL, which need not be asked before each request.

    A server that ends, or ends a connection, closes its socket, which shows without asking. What
    does not show (a machine that was unplugged) is asked for after TRUSTED seconds.
    """

    prepared_class = PreparedCursor
    _answered_at = float("-inf")

    def get_connection_params(self) -> dict[str, Any]:
        """Return how to connect; a pooler has another connection for each transaction."""
        params: dict[str, Any] = super().get_connection_params()
        if not self.settings_dict.get("IS_POOLED"):
            params["prepare_threshold"] = 0
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; a transaction of a replica is a snapshot, in which nothing can be written."""
        connection = super().get_new_connection(conn_params)
        if self._is_replica:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
        return connection

    @property
    def _is_replica(self) -> bool:
        return bool(self.settings_dict.get("IS_REPLICA"))

    def init_connection_state(self) -> None:
        """Prepare a new connection; what is asked of its session, a pooler could not keep."""
        super().init_connection_state()
        if not self.settings_dict.get("IS_POOLED"):
            session = SESSION | (READ_ONLY if self._is_replica else {})
            calls = ", ".join(["set_config(%s, %s, false)"] * len(session))
            values = list(chain(*session.items()))
            self.connection.execute(f"SELECT {calls}", values, prepare=False)

    def prepared_cursor(self, *, alone: bool = False) -> Any:
        """Return a cursor for the few statements that almost every request makes."""
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(  # type: ignore[attr-defined]
                self.prepared_class(self.connection, alone=alone)
            )

    def is_usable(self) -> bool:
        """Return whether the connection still works (CONN_HEALTH_CHECKS)."""
        now = time.monotonic()
        if now - self._answered_at < TRUSTED and self._is_silent():
            return True
        usable = bool(super().is_usable())
        self._answered_at = now if usable else float("-inf")
        return usable

    def chunked_cursor(self) -> Any:
        """Return a cursor that fetches in chunks, where whatever stands between permits it.

        Outside of a transaction a cursor of the server lives on from one statement to the next,
        for which a pooler may have another connection. Without it, all rows are fetched at once.
        """
        if self.settings_dict.get("IS_POOLED") and self.get_autocommit():
            return self.cursor()
        return super().chunked_cursor()

    def _is_silent(self) -> bool:
        """Return whether nothing is to be read from an idle connection, not even its end."""
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0)
