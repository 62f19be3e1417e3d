"""Without a replica, or with one that is away, the primary is read.

`tests/services/test_replica.py` has one that follows.
"""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from django.db import DataError, Error, InterfaceError, OperationalError, ProgrammingError
from django.db import connections as databases
from django.db.backends.base.base import NO_DB_ALIAS
from environ import Env
from psycopg.errors import QueryCanceled, SerializationFailure

from comments.databases import replica
from comments.databases.breaker import Breaker
from comments.databases.router import Router, is_in_snapshot
from comments.models import Comment, Thread
from config import database
from tests.factories import CommentFactory, ThreadFactory
from tests.services.processes import free_port


@pytest.fixture
def thread(db: None) -> Thread:
    return CommentFactory(thread=ThreadFactory(key="article"), status="approved").thread


@pytest.fixture
def breaker(monkeypatch: pytest.MonkeyPatch) -> Breaker:
    """Return the breaker of a process that has not read the replica yet."""
    fresh = Breaker(3600)
    monkeypatch.setattr(replica, "breaker", fresh)
    return fresh


@pytest.fixture
def away(
    thread: Thread, breaker: Breaker, monkeypatch: pytest.MonkeyPatch, settings: object
) -> Iterator[Breaker]:
    """Set a replica of a port where nobody listens; return the breaker before it."""
    address = Env.db_url_config(f"postgres://nobody@127.0.0.1:{free_port()}/none")
    both = {"default": {}, "replica": database.replica(dict(address))}
    whole = databases.configure_settings(both)["replica"]
    monkeypatch.setitem(databases.settings, "replica", whole)
    settings.DATABASE_ROUTERS = ["comments.databases.router.Router"]  # type: ignore[attr-defined]
    # Django keeps tests from databases of which it has made no copy, by their names.
    databases["replica"].alias = NO_DB_ALIAS
    yield breaker
    del databases["replica"]


def approved() -> int:
    return Comment.objects.filter(status="approved").count()


def test_where_none_is_set_the_primary_is_read(thread: Thread, breaker: Breaker) -> None:
    assert replica.read_thread(thread, approved) == 1
    assert replica.read_caught_up(approved) == 1
    assert not breaker.is_open


def test_one_that_is_away_is_tried_once_and_then_left_alone(
    away: Breaker, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert replica.read_thread(thread, approved) == 1
    assert away.is_open
    monkeypatch.setattr(replica, "snapshot", None)
    assert replica.read_thread(thread, approved) == 1
    assert replica.read_caught_up(approved) == 1


def test_who_has_comments_that_wait_is_answered_by_the_primary(
    away: Breaker, thread: Thread
) -> None:
    own = {Comment.objects.get().pk}
    assert replica.read_thread(thread, approved, own=own) == 1
    assert not away.is_open, "it was not tried"


def test_what_is_no_error_of_the_database_is_raised_from_where_it_was_read(
    away: Breaker, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "snapshot", nullcontext)
    monkeypatch.setattr(replica, "_look", lambda sql, values: 1)
    tries = []

    def read() -> None:
        tries.append("once")
        raise KeyError

    with pytest.raises(KeyError):
        replica.read_thread(thread, read)
    assert tries == ["once"]


@pytest.mark.parametrize(
    ("error", "cause", "is_away"),
    [
        (OperationalError, None, True),
        (InterfaceError, None, True),
        (OperationalError, QueryCanceled(), True),
        # It was cancelled for what had to be replayed; the next query may be answered.
        (OperationalError, SerializationFailure(), False),
        # Of what a reader sent, which must not turn the replica off for all.
        (DataError, None, False),
        # Of a table that the replica does not have yet.
        (ProgrammingError, None, False),
    ],
)
def test_what_fails_there_is_read_from_the_primary(
    error: type[Error],
    cause: Exception | None,
    is_away: bool,
    away: Breaker,
    thread: Thread,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replica, "snapshot", nullcontext)
    monkeypatch.setattr(replica, "_look", lambda sql, values: 1)
    tries = iter([True, False])

    def read() -> str:
        if next(tries):
            raise error from cause
        return "read"

    assert replica.read_thread(thread, read) == "read"
    assert away.is_open is is_away


def test_writes_and_migrations_never_go_to_the_replica() -> None:
    router = Router()
    assert router.db_for_write(Comment) == router.db_for_read(Comment) == "default"
    assert not is_in_snapshot()
    assert router.allow_migrate("default", "comments")
    assert not router.allow_migrate("replica", "comments")
