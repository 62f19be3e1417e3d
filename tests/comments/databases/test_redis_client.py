"""The address of Sentinels, as operators write it, and what is made of it."""

import ssl
from pathlib import Path

import pytest
from redis.connection import SSLConnection
from redis.sentinel import SentinelManagedSSLConnection

from comments.databases.redis_client import Sentinels, client, sentinels
from config.celery_settings import celery_settings

URL = (
    "redis+sentinel://user:p%40s%2Bs+@one:26380,two,[fd00::1]:26379/my-master/3"
    "?sentinel_username=watcher&sentinel_password=p%26+"
)


def of(url: str) -> Sentinels:
    named = sentinels(url)
    assert named
    return named


def test_an_address_names_all_sentinels_the_master_and_both_logins() -> None:
    assert of(URL) == Sentinels(
        addresses=[("one", 26380), ("two", 26379), ("fd00::1", 26379)],
        master="my-master",
        database=3,
        login={"username": "user", "password": "p@s+s+"},
        sentinel_login={"username": "watcher", "password": "p&+"},
        ssl=None,
    )


def test_the_shortest_address_has_neither_password_nor_port_nor_database() -> None:
    assert of("redis+sentinel://one/name") == Sentinels([("one", 26379)], "name", 0, {}, {}, None)


@pytest.mark.parametrize("url", ["redis://one/0", "rediss://one/0", ""])
def test_an_address_of_one_server_names_no_sentinels(url: str) -> None:
    assert sentinels(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://:hunter2@one,two:x/name",
        "redis+sentinel://:hunter2/hunter2@one/name",
        "redis+sentinel://:hunter2@one/name/hunter2",
        "redis+sentinel://one/name?hunter2",
        "redis+sentinel://one?sentinel_password=hunter2",
    ],
)
def test_no_fault_of_an_address_repeats_a_password(url: str) -> None:
    with pytest.raises(ValueError, match="has ") as fault:
        sentinels(url)
    assert "hunter2" not in str(fault.value)


def test_the_password_of_redis_is_not_told_to_the_sentinels() -> None:
    asked = client("redis+sentinel://:secret@one/name").connection_pool.sentinel_manager  # type: ignore[attr-defined]
    assert asked.sentinels[0].connection_pool.connection_kwargs["password"] is None
    assert asked.connection_kwargs["password"] == "secret"


@pytest.mark.parametrize("url", ["redis://one/0", "redis+sentinel://one,two/name"])
def test_nobody_waits_for_a_server_or_a_sentinel_for_long(url: str) -> None:
    pool = client(url).connection_pool
    asked = getattr(pool, "sentinel_manager", None)
    pools = [pool, *(one.connection_pool for one in asked.sentinels)] if asked else [pool]
    for each in pools:
        connection = each.connection_kwargs
        assert connection["socket_connect_timeout"] <= 0.5
        assert connection["socket_timeout"] <= 0.5
        assert not connection.get("retry") or connection["retry"].get_retries() == 0


def test_the_broker_has_an_address_of_each_sentinel_with_the_login_of_redis(tmp_path: Path) -> None:
    broker = celery_settings(redis_url=URL, data_dir=tmp_path)
    login = "user:p%40s%2Bs%2B"
    assert broker["CELERY_BROKER_URL"].split(";") == [
        f"sentinel://{login}@one:26380/3",
        f"sentinel://{login}@two:26379/3",
        f"sentinel://{login}@[fd00::1]:26379/3",
    ]
    options = broker["CELERY_BROKER_TRANSPORT_OPTIONS"]
    assert options["master_name"] == "my-master"
    assert options["sentinel_kwargs"]["password"] == "p&+"
    assert broker["CELERY_BROKER_USE_SSL"] is None


def test_tls_is_spoken_with_redis_and_the_sentinels_alike(tmp_path: Path) -> None:
    url = "rediss+sentinel://one/name?ssl_ca_certs=/ca.pem"
    pool = client(url).connection_pool
    sentinel = pool.sentinel_manager.sentinels[0].connection_pool  # type: ignore[attr-defined]
    assert pool.connection_class is SentinelManagedSSLConnection
    assert sentinel.connection_class is SSLConnection
    broker = celery_settings(redis_url=url, data_dir=tmp_path)
    assert broker["CELERY_BROKER_USE_SSL"] == {
        "ssl_cert_reqs": ssl.CERT_REQUIRED,
        "ssl_ca_certs": "/ca.pem",
    }
    assert broker["CELERY_BROKER_TRANSPORT_OPTIONS"]["sentinel_kwargs"]["ssl"] is True
