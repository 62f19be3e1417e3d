"""The world outside: a receiver of webhooks that is slow and errs, and a mail server that hangs."""

import asyncio
import json
import random
import threading
import time
from collections import Counter, defaultdict
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler
from typing import Any

from aiosmtpd.controller import Controller

from tests.listener import Listener
from tests.services.processes import free_port


class Receiver:
    """Takes events; while it is `troubled`, slowly, and half of them with an error."""

    def __init__(self) -> None:
        self.taken: defaultdict[str, set[bytes]] = defaultdict(set)
        self.deliveries: Counter[str] = Counter()
        self.troubled = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:  # The worker was killed meanwhile.
                    return
                event = self.headers["webhook-id"]
                if outer.troubled:
                    time.sleep(random.uniform(0, 3))
                if outer.troubled and random.random() < 0.5:
                    self.send_error(503)
                    return
                # What was said of one event must be the same each time it is said.
                outer.taken[event].add(json.dumps(json.loads(body)["data"]).encode())
                outer.deliveries[event] += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: object) -> None: ...

        self._server = Listener(Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Listen no more."""
        self._server.stop()


class MailServer:
    """Takes mail; while it is `hanging`, it answers nothing after the text of a message."""

    def __init__(self) -> None:
        # How often a message was taken, and how many different ones a person got.
        self.taken: Counter[str] = Counter()
        self.different: Counter[str] = Counter()
        self.hanging = threading.Event()
        port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=port)
        self._controller.start()
        self.address = f"127.0.0.1:{port}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a message; who hangs up meanwhile has not given it."""
        while self.hanging.is_set():
            await asyncio.sleep(0.2)
        message = message_from_bytes(envelope.content, policy=policy.default)
        name = str(message["Message-ID"])
        self.different[str(message["To"])] += name not in self.taken
        self.taken[name] += 1
        return "250 taken"

    def stop(self) -> None:
        """Listen no more."""
        self._controller.stop()
