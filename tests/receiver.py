"""A receiver that listens on this machine, and a webhook that points there."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from comments.models import Site
from moderation.models import Webhook
from moderation.notifications.webhooks import endpoints
from tests.factories import NOW
from tests.listener import Listener


class Receiver:
    """Keeps requests, and answers them with `answers` in turn (status, headers, body), then 200."""

    def __init__(self) -> None:
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[Any, ...]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.seen.append((dict(self.headers), body))
                status, headers, *said = outer.answers.pop(0) if outer.answers else (200, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said[0] if said else b"so be it")

            def log_message(self, *args: object) -> None: ...

        self.server = Listener(Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    receiver = Receiver()
    settings.OUTGOING_ALLOW = [f"127.0.0.1:{receiver.server.server_port}"]
    yield receiver
    receiver.server.stop()


@pytest.fixture
def made(site: Site, receiver: Receiver) -> endpoints.WebhookWithSecret:
    return endpoints.add(site, url=receiver.url, events=["*"], now=NOW)


@pytest.fixture
def webhook(made: endpoints.WebhookWithSecret) -> Webhook:
    return made.webhook


@pytest.fixture
def verifier(made: endpoints.WebhookWithSecret) -> Verifier:
    """The receiver's side, as the specification's own library has it."""
    return Verifier(made.secret)
