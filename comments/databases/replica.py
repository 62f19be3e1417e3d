"""Read from a streaming replica where one is set, and from the primary where that would be wrong.

Why what is read where: docs/decisions/0281-read-replicas.md.
"""

import logging
import time
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import Error, InterfaceError, OperationalError, connections

from comments.databases.breaker import Breaker
from comments.databases.router import PRIMARY, REPLICA, is_in_snapshot, snapshot
from comments.models import Thread
from comments.models.compiled import prepared_cursor

T = TypeVar("T")
logger = logging.getLogger(__name__)
# Seconds for which a replica is left alone that is away, or that is too slow.
PAUSE = 10.0
# The most milliseconds that one statement of a page may take there.
PATIENCE_MS = 2000
# The most seconds to wait until it has what the primary has, and from one look to the next.
CATCH_UP, LOOK = 0.5, 0.005
# A replica that lags so many seconds has something wrong with it. Where nothing else is written,
# the heartbeat is, each minute.
MOST_LAG = 120.0

breaker = Breaker(PAUSE)

_IS_REPLICA = "pg_is_in_recovery()"
_HAS_VERSIONS = f"""
SELECT {_IS_REPLICA}, set_config('statement_timeout', '{PATIENCE_MS}', true), (
    SELECT count(*) FROM comments_thread
    JOIN unnest(%s::uuid[], %s::bigint[]) AS wanted (id, version) USING (id, version)
)"""  # noqa: S608 # Of constants.
_POSITION = "SELECT pg_current_wal_lsn()::text"
_HAS_REPLAYED = f"SELECT {_IS_REPLICA}, '', (pg_last_wal_replay_lsn() >= %s::pg_lsn)::int"
_LAG = "extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8"
_STATE = f"SELECT {_IS_REPLICA}, {_LAG}"
_IDENTITY = "SELECT system_identifier FROM pg_control_system()"


class State(NamedTuple):
    """What a replica says of itself.

    `is_ours` is whether it replays what the primary writes; `lag` is in seconds, and unknown where
    it has replayed nothing since it started.
    """

    is_ours: bool
    lag: float | None


def read_at_versions(threads: Collection[Thread], read: Callable[[], T]) -> T:
    """Return what `read` reads of threads, which were read from the primary just before.

    It is read in a snapshot of the replica that has all of them at the very same versions, or else
    from the primary: so it is never older than what these threads had shown. `read` may be called
    twice, and must read nothing that can change without a new version.
    """
    if not threads:
        return read()
    wanted = [[thread.pk for thread in threads], [thread.version for thread in threads]]
    return _read(read, snapshot_is_right=lambda: _look(_HAS_VERSIONS, wanted) == len(threads))


def read_thread(thread: Thread | None, read: Callable[[], T], *, own: Collection[UUID] = ()) -> T:
    """Return what `read` reads of a thread for the reader who wrote the comments `own`.

    See `read_at_versions`. Comments that wait change without a new version, so the primary answers
    whoever sees some of their own.
    """
    return read() if own or thread is None else read_at_versions([thread], read)


def read_caught_up(read: Callable[[], T]) -> T:
    """Return what `read` reads of anything, with all that was committed before.

    The replica may take CATCH_UP seconds to have that, or the primary is read. This costs a look at
    the primary and some at the replica, so it is for what takes longer. `read` may be called twice.
    """
    return _read(read, may_begin=_catches_up)


def is_set() -> bool:
    """Return whether there is a replica at all."""
    return REPLICA in connections.settings


def ask() -> State:
    """Return what the replica says of itself, however it was before; raise `django.db.Error`."""
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(_STATE)
        is_replica, lag = cursor.fetchone()
        cursor.execute(_IDENTITY)
        identity = cursor.fetchone()
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute(_IDENTITY)
        return State(is_replica and cursor.fetchone() == identity, lag)


def _read(
    read: Callable[[], T],
    *,
    may_begin: Callable[[], bool] = lambda: True,
    snapshot_is_right: Callable[[], bool] = lambda: True,
) -> T:
    if not is_set() or is_in_snapshot() or not breaker.permits():
        return read()
    try:
        if may_begin():
            with snapshot():
                if snapshot_is_right():
                    return read()
    except Error as error:
        _note(error)
    return read()


def _catches_up() -> bool:
    """Wait until the replica has what the primary has by now; return whether it came to that."""
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute(_POSITION)
        position = cursor.fetchone()
    deadline = time.monotonic() + CATCH_UP
    while not _look(_HAS_REPLAYED, position):
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK)
    return True


def _look(sql: str, values: Sequence[Any]) -> int:
    """Ask the replica by a first statement, and return the last column of what it says."""
    with prepared_cursor(connections[REPLICA]) as cursor:
        cursor.execute(sql, values)
        is_replica, _, found = cursor.fetchone()
    if not is_replica:
        raise OperationalError("REPLICA_URL leads to a server that is no replica.")
    if breaker.succeed():
        logger.warning("The replica answers again.")
    return int(found)


def _note(error: Error) -> None:
    """Leave the replica alone for a while if it is away; not if it can't answer this one query.

    Class 40 is of conflicts: a query was cancelled since what it read had to be replayed away.
    """
    code = getattr(error.__cause__, "sqlstate", None) or ""
    if isinstance(error, OperationalError | InterfaceError) and not code.startswith("40"):
        if breaker.fail():
            logger.warning("The replica is left alone, and the primary read: %s", error)
    else:
        logger.info("The replica did not answer, and the primary is read: %s", error)
