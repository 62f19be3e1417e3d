"""Kombu's brokers in Redis, of which a worker goes on though an acknowledgement failed.

Celery logs such a failure and goes on, but kombu counts the message among those that the worker is
busy with. One that takes a message at a time would wait for ever: it has no connection at which the
loss would show, unless the server closed it. The message comes again after the visibility timeout,
and tasks may run twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """Kombu's list of messages that are worked on."""

    def ack(self, delivery_tag: str) -> None:
        """Take a message off the list, also where Redis is not told."""
        with self._taken_off(delivery_tag):
            super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Take a message off the list, also where Redis is not told."""
        with self._taken_off(delivery_tag):
            super().reject(delivery_tag, requeue=requeue)

    @contextmanager
    def _taken_off(self, delivery_tag: str) -> Iterator[None]:
        try:
            yield
        except redis.Transport.connection_errors:
            virtual.QoS.ack(self, delivery_tag)
            raise


class RedisChannel(redis.Channel):
    """Kombu's channel of one server, with that list."""

    QoS = QoS


class RedisTransport(redis.Transport):
    """Kombu's transport of one server, with that channel."""

    Channel = RedisChannel


class SentinelChannel(redis.SentinelChannel):
    """Kombu's channel of a master that Sentinels name, with that list."""

    QoS = QoS


class SentinelTransport(redis.SentinelTransport):
    """Kombu's transport of a master that Sentinels name, with that channel."""

    Channel = SentinelChannel
