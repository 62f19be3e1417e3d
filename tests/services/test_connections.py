"""A connection to PostgreSQL is not asked before each request, and its end shows all the same."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import IntegrityError, connections
from environ import Env
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from psycopg.pq import TransactionStatus

from config import database, observability
from config.postgresql.base import DatabaseWrapper
from tests.services.processes import postgres


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture
def connection(url: str, django_db_blocker) -> Iterator[DatabaseWrapper]:
    settings = connections.configure_settings(
        {"default": database.with_options(dict(Env.db_url_config(url)))}
    )
    connection = DatabaseWrapper(settings["default"])
    with django_db_blocker.unblock():
        connection.connect()
        yield connection
        connection.close()


def test_one_that_answered_a_moment_ago_is_not_asked(
    connection: DatabaseWrapper, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection.is_usable()
    monkeypatch.setattr(connection.connection, "cursor", None)
    assert connection.is_usable()


def test_one_that_the_server_ended_is_not_used(connection: DatabaseWrapper, url: str) -> None:
    assert connection.is_usable()
    backend = connection.connection.info.backend_pid
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    assert not connection.is_usable()


def test_no_statement_is_compiled(connection: DatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jit')")
        assert cursor.fetchone() == ("off",)


def test_both_ends_give_up_one_whose_other_end_is_silent(connection: DatabaseWrapper) -> None:
    ours = connection.connection.info.get_parameters()
    assert (ours["tcp_user_timeout"], ours["keepalives_idle"]) == ("15000", "5")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('tcp_user_timeout'), current_setting('tcp_keepalives_idle')"
        )
        assert cursor.fetchone() == ("15000", "5")


def test_how_long_ours_waits_can_be_set_in_the_address() -> None:
    named = dict(Env.db_url_config("postgres://a@b/c?tcp_user_timeout=60000"))
    assert database.with_options(named)["OPTIONS"]["tcp_user_timeout"] == 60_000


def test_one_that_was_not_used_for_a_while_is_asked(
    connection: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection.is_usable()
    monkeypatch.setattr("config.postgresql.base.TRUSTED", 0.0)
    monkeypatch.setattr(connection.connection, "cursor", None)
    with pytest.raises(TypeError):
        connection.is_usable()


@pytest.mark.parametrize(("pooled", "of_the_server"), [(True, False), (False, True)])
def test_behind_a_pooler_no_cursor_outlives_its_transaction(
    connection: DatabaseWrapper, pooled: bool, of_the_server: bool
) -> None:
    connection.settings_dict["IS_POOLED"] = pooled
    with connection.chunked_cursor() as cursor:
        assert (getattr(cursor.cursor, "name", "") != "") is of_the_server
    connection.set_autocommit(False)
    with connection.chunked_cursor() as cursor:
        assert cursor.cursor.name
    connection.rollback()
    connection.set_autocommit(True)


PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1%%'"


@pytest.mark.parametrize(("pooled", "kept"), [(True, 0), (False, 1)])
def test_the_server_keeps_what_is_prepared_unless_a_pooler_stands_between(
    connection: DatabaseWrapper, pooled: bool, kept: int
) -> None:
    connection.close()
    connection.settings_dict["IS_POOLED"] = pooled
    for number in range(3):
        with connection.prepared_cursor() as cursor:
            cursor.execute("SELECT %s::int, '%%'", [number])
            assert cursor.fetchall() == [(number, "%")]
    with connection.cursor() as cursor:
        cursor.execute(PREPARED, [])
        assert cursor.fetchone() == (kept,)


@pytest.fixture
def numbers(connection: DatabaseWrapper) -> Iterator[DatabaseWrapper]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE numbers (n int PRIMARY KEY)")
    yield connection
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE numbers")


def insert(connection: DatabaseWrapper, number: int, *, alone: bool) -> TransactionStatus:
    """Insert a number; return whether a transaction has begun on the server by then."""
    with connection.prepared_cursor(alone=alone) as cursor:
        cursor.execute("INSERT INTO numbers VALUES (%s::int)", [number])
    return connection.connection.info.transaction_status


def stored(connection: DatabaseWrapper) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM numbers ORDER BY n")
        return [number for (number,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("alone", "status"), [(True, TransactionStatus.IDLE), (False, TransactionStatus.INTRANS)]
)
def test_a_statement_that_is_alone_begins_no_transaction(
    numbers: DatabaseWrapper, alone: bool, status: TransactionStatus
) -> None:
    numbers.set_autocommit(False)
    assert insert(numbers, 1, alone=alone) == status
    numbers.rollback()
    numbers.set_autocommit(True)
    assert stored(numbers) == ([1] if alone else [])


def test_what_came_before_it_is_undone_with_it(numbers: DatabaseWrapper) -> None:
    numbers.set_autocommit(False)
    insert(numbers, 1, alone=False)
    assert insert(numbers, 2, alone=True) == TransactionStatus.INTRANS
    numbers.rollback()
    numbers.set_autocommit(True)
    assert stored(numbers) == []


def test_one_that_fails_leaves_a_connection_that_can_be_used(numbers: DatabaseWrapper) -> None:
    numbers.set_autocommit(False)
    insert(numbers, 1, alone=True)
    with pytest.raises(IntegrityError):
        insert(numbers, 1, alone=True)
    assert insert(numbers, 2, alone=False) == TransactionStatus.INTRANS
    numbers.commit()
    numbers.set_autocommit(True)
    assert stored(numbers) == [1, 2]


def test_what_is_prepared_is_traced(
    connection: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    traced = observability.traced(DatabaseWrapper.prepared_class, provider)
    monkeypatch.setattr(DatabaseWrapper, "prepared_class", traced)
    with connection.prepared_cursor() as cursor:
        cursor.execute("SELECT %s::text", ["secret"])
    (span,) = kept.get_finished_spans()
    assert (span.name, dict(span.attributes)["db.statement"]) == ("SELECT", "SELECT %s::text")
