"""Messengers: which can be told, what is sent to them, and that nothing goes around the guard."""

import json
import socket
from typing import Any

import pytest

from moderation.models import delivery_errors
from moderation.notifications import messengers
from moderation.notifications.webhooks import http_client
from moderation.notifications.webhooks.http_client import Response

DISCORD = "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz"
ADDRESSES = {
    DISCORD: "https://discord.com/api/webhooks/123456789012345678/",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ": "https://hooks.slack.com/services/",
    "tgram://123456789:abcdefg_hijklmnop/12315544": "https://api.telegram.org/bot123456789:",
    "ntfy://queue": "https://ntfy.sh",
    "ntfys://ntfy.example/queue": "https://ntfy.example",
    "gotifys://gotify.example/abcdefghijklmno": "https://gotify.example/message",
    "mmosts://chat.example/3ccdd113474722377935511fc85d3dd4": "https://chat.example/hooks/",
    "workflows://flow.example/643e69f83c8944438d68119179a10a64/KODuebWbDGYFr0z0eu-6Rj8a": (
        "https://flow.example/"
    ),
}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, bytes]]:
    """Replaces the HTTP client, and allows no other connection."""
    requests: list[tuple[str, str, bytes]] = []

    def send(method: str, url: str, *, body: bytes = b"", **_: Any) -> Response:
        requests.append((method, url, body))
        answer = b"ok" if "slack" in url else b'{"ok": true}'
        return Response(200, {"content-type": "application/json"}, answer, 0.1)

    def connect(*_: Any) -> None:
        raise AssertionError("a connection around the guard")

    monkeypatch.setattr(http_client, "send", send)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return requests


@pytest.mark.parametrize(("address", "url"), ADDRESSES.items())
def test_a_message_goes_by_the_guarded_client(
    sent: list[tuple[str, str, bytes]], address: str, url: str
) -> None:
    messengers.check(address)
    assert messengers.send(address, title="The Ferry", text="1 comment waits.") == ""
    assert sent[-1][1].startswith(url)
    assert b"1 comment waits." in sent[-1][2]


def test_a_private_address_is_not_reached(settings: Any) -> None:
    settings.OUTGOING_ALLOW = []
    address = "ntfys://127.0.0.1/queue"
    assert messengers.send(address, title="The Ferry", text="1 waits.") == delivery_errors.NOT_TAKEN


def test_a_messenger_that_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Response(403, {}, json.dumps({"ok": False}).encode(), 0.1)
    monkeypatch.setattr(http_client, "send", lambda *_, **__: refused)
    assert messengers.send(DISCORD, title="The Ferry", text="1 waits.") == delivery_errors.NOT_TAKEN


@pytest.mark.parametrize(
    "address",
    [
        "https://hooks.example/x",
        "mailto://user:password@mail.example",
        "syslog://",
        "json://127.0.0.1/",
        "file:///etc/passwd",
        f"{DISCORD}?template=/etc/passwd",
        f"{DISCORD}?attach=/etc/passwd",
        "nonsense",
        "",
    ],
)
def test_what_is_no_messenger_or_reads_files_is_refused(address: str) -> None:
    with pytest.raises(messengers.UnusableAddress):
        messengers.check(address)
