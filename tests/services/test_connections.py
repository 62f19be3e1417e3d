"""A connection to PostgreSQL is not asked before each request, and its end shows all the same."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections
from environ import Env

from config import database
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
