"""A Redis that hangs for a while costs no worker its place."""

import logging
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection, Consumer, Message

from config.celery_settings import celery_settings
from tests.services.processes import Process, free_port, redis


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[Process]:
    server = redis(tmp_path, port)
    yield server
    server.kill()


@pytest.mark.parametrize("done", [Message.ack_log_error, Message.reject_log_error])
def test_a_worker_whose_acknowledgement_is_not_heard_takes_the_next_message(
    server: Process, port: int, tmp_path: Path, done: Any
) -> None:
    broker = celery_settings(redis_url=f"redis://127.0.0.1:{port}/0", data_dir=tmp_path)
    options = broker["CELERY_BROKER_TRANSPORT_OPTIONS"] | {"socket_timeout": 0.2}
    taken: list[Message] = []
    with Connection(broker["CELERY_BROKER_URL"], transport_options=options) as connection:
        queue = connection.SimpleQueue("screening").queue
        producer = connection.Producer()
        for number in (1, 2):
            producer.publish(number, routing_key="screening")
        consumer = Consumer(
            connection, [queue], prefetch_count=1, on_message=taken.append, accept=["json"]
        )
        with consumer:
            connection.drain_events(timeout=5)
            server.send(signal.SIGSTOP)
            done(taken[0], logging.getLogger(), connection.connection_errors)
            server.send(signal.SIGCONT)
            connection.drain_events(timeout=5)
    assert [message.payload for message in taken] == [1, 2]
