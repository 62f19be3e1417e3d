"""gunicorn's worker that lets waitress receive requests: `--worker-class` in gunicorn.conf.py.

One thread of each process receives and sends for all connections, without waiting for any. A thread
of the application sees a request once it is complete, and is free again once its answer is in a
buffer: neither idle connections nor clients that send or read slowly hold one.
"""

import atexit
import logging
import os
import time
from typing import Any, NoReturn

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer, create_server

from config.web_server.receiving import LARGEST_UPLOAD, Parser

# Connections that one process holds; beyond them new ones wait to be accepted.
CONNECTIONS = 1000
# Seconds without a byte from a client, or to it, after which its connection is closed.
IDLE = 60
# Seconds for a whole request of the usual size; and for a file that is brought in.
COMPLETE, UPLOADED = 120, 3600
# Seconds from one look at whether the process shall end to the next, and at slow connections.
HEARTBEAT, CLEANUP = 1.0, 10
# One for every answer may be in memory or, when it is larger, in a temporary file (bytes).
BUFFER = 512 * 1024


class BufferedConnection(HTTPChannel):
    """A connection, which must complete a request in time."""

    parser_class = Parser
    request_since = 0.0
    request: Any  # Of waitress, which has no types.

    def received(self, data: bytes) -> bool:
        """Take bytes of a request, and note since when it comes in."""
        if self.request is None:
            self.request_since = time.monotonic()
        return bool(super().received(data))

    def is_late(self) -> bool:
        """Return whether the request that is coming in takes too long."""
        if self.request is None:
            return False
        allowed = UPLOADED if self.request.is_upload else COMPLETE
        return time.monotonic() - self.request_since > allowed

    def handle_close(self) -> None:
        """Close the connection, and forget the request that was coming in."""
        request, self.request = self.request, None
        if request is not None:
            request.close()
        super().handle_close()


class BufferingWorker(Worker):
    """A process of the web server."""

    def run(self) -> None:
        """Serve until the master ends or says so; then finish what was begun."""
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        connections: dict[int, Any] = {}
        sockets = [listener.sock for listener in self.sockets]
        server = create_server(self.wsgi, map=connections, sockets=sockets, **self._options())
        listeners = [each for each in connections.values() if isinstance(each, TcpWSGIServer)]
        for listener in listeners:
            listener.channel_class = BufferedConnection
        while self.alive and self.ppid == os.getppid():
            self._turn(connections, listeners)
        self._finish(connections, listeners, dispatcher=server.task_dispatcher)
        self.log.info("Worker exiting (pid: %s)", self.pid)
        leave()

    def _options(self) -> dict[str, Any]:
        return {
            "threads": self.cfg.threads,
            "backlog": self.cfg.backlog,
            "connection_limit": CONNECTIONS,
            "channel_timeout": IDLE,
            "cleanup_interval": CLEANUP,
            "max_request_header_size": 64 * 1024,
            "max_request_body_size": LARGEST_UPLOAD,
            "inbuf_overflow": BUFFER,
            "outbuf_overflow": 2 * BUFFER,
            # comments.http.forwarding judges whom to believe.
            "clear_untrusted_proxy_headers": False,
            "asyncore_use_poll": True,
            "log_socket_errors": False,
            "ident": None,
            # What a request of HTTP/1.0 without a Host is for.
            "server_name": self.sockets[0].cfg_addr[0] if self._is_tcp() else "localhost",
        }

    def _is_tcp(self) -> bool:
        return isinstance(self.sockets[0].cfg_addr, tuple)

    def _turn(self, connections: dict[int, Any], listeners: list[TcpWSGIServer]) -> None:
        self.notify()
        wasyncore.loop(timeout=HEARTBEAT, use_poll=True, map=connections, count=1)
        for listener in listeners:
            close_late(listener)

    def _finish(
        self, connections: dict[int, Any], listeners: list[TcpWSGIServer], *, dispatcher: Any
    ) -> None:
        """Answer the requests that are complete, for as long as gunicorn grants."""
        deadline = time.monotonic() + self.cfg.graceful_timeout
        for listener in listeners:
            listener.accepting = False
        while any(_is_busy(each) for each in connections.values()):
            if time.monotonic() > deadline:
                break
            self.notify()
            wasyncore.loop(timeout=0.1, use_poll=True, map=connections, count=1)
        dispatcher.shutdown(timeout=1)


def leave() -> NoReturn:
    """End this process in order, but for the destructors of libraries.

    onnxruntime, which is loaded before the fork, waits in its own for threads that only the master
    has: the worker would hang, or end with SIGABRT.
    """
    atexit._run_exitfuncs()
    logging.shutdown()
    os._exit(0)


def close_late(listener: TcpWSGIServer) -> None:
    """Close the connections whose requests take too long to come in."""
    for channel in listener.active_channels.values():
        if channel.is_late():
            channel.will_close = True


def _is_busy(connection: object) -> bool:
    return isinstance(connection, BufferedConnection) and bool(
        connection.requests or connection.total_outbufs_len
    )
