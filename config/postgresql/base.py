"""The backend that `DATABASES` names: Django imports `DatabaseWrapper` from here."""

import select
import time
from typing import Any

from django.db.backends.postgresql import base

# Seconds for which a connection that answered, and whose socket is silent since, is trusted.
TRUSTED = 5.0


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL, which need not be asked before each request.

    A server that ends, or ends a connection, closes its socket, which shows without asking. What
    does not show (a machine that was unplugged) is asked for after TRUSTED seconds.
    """

    _answered_at = float("-inf")

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
