"""Requests to addresses that other people chose reach public hosts only."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import httpcore
import pytest

from moderation.notifications.webhooks import http_client
from tests.listener import Listener
from tests.services.processes import free_port


class Receiver(BaseHTTPRequestHandler):
    """Answers what its path asks for, and keeps what came."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.seen.append((self.path, dict(self.headers), body))
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"x" * (200_000 if self.path == "/long" else 2))

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def receiver(settings) -> Iterator[Listener]:
    server = Listener(Receiver)
    server.seen = []
    settings.OUTGOING_ALLOW = [f"127.0.0.1:{server.server_port}"]
    yield server
    server.stop()


def url(receiver: Listener, path: str = "/") -> str:
    return f"http://127.0.0.1:{receiver.server_port}{path}"


def test_an_allowed_host_is_reached(receiver: Listener) -> None:
    answer = http_client.send("POST", url(receiver), body=b"hello", headers={"X-A": "b"})
    assert (answer.status, answer.body) == (200, b"xx")
    ((_, headers, body),) = receiver.seen
    assert (headers["X-A"], body) == ("b", b"hello")
    assert headers["Host"] == f"127.0.0.1:{receiver.server_port}"


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Listener) -> None:
    assert http_client.send("POST", url(receiver, "/redirect")).status == 302


def test_of_a_long_answer_the_beginning_is_read(receiver: Listener) -> None:
    assert len(http_client.send("POST", url(receiver, "/long")).body) == http_client.MOST_BYTES


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://172.16.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[::ffff:0:7f00:1]/",
        "https://[fec0::1]/",
        "https://[5f00::1]/",
        "https://[100:0:0:1::1]/",
        "https://[3fff::1]/",
        "https://[2620:4f:8000::1]/",
        "https://192.88.99.1/",
        "https://192.0.0.9/",
        "https://localhost/",
        "https://2130706433/",
        "https://0x7f.1/",
        "http://example.org/",
        "ftp://example.org/",
        "https://user:password@example.org/",
        "https:///path",
        "nonsense",
        "",
    ],
)
def test_addresses_that_are_not_public_are_blocked(address: str) -> None:
    with pytest.raises(http_client.Blocked):
        http_client.check(address)


def answers(*addresses: str):
    def look_up(*_: object, **__: object) -> list:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in addresses]

    return look_up


def test_one_private_address_among_public_ones_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers("93.184.215.14", "10.0.0.1"))
    with pytest.raises(http_client.Blocked):
        http_client.check("https://rebinding.example/")


def test_a_public_address_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers("93.184.215.14"))
    http_client.check("https://public.example/")


def test_the_connection_goes_to_the_address_that_was_checked(
    receiver: Listener, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    settings.OUTGOING_ALLOW = ["intranet.example"]
    looked_up = []
    real = socket.getaddrinfo

    def look_up(host: str, *args: object, **kwargs: object) -> list:
        looked_up.append(host)
        return real("127.0.0.1" if host == "intranet.example" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    http_client.send("POST", f"http://intranet.example:{receiver.server_port}/")
    assert looked_up.count("intranet.example") == 1
    assert receiver.seen[0][1]["Host"] == f"intranet.example:{receiver.server_port}"


def test_nobody_there_is_unreachable(settings) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    with pytest.raises(http_client.Unreachable):
        http_client.send("POST", "http://127.0.0.1:9/")


class Rude:
    """A server that speaks just as a test says, byte by byte."""

    def __init__(self, speak: Callable[[socket.socket], None]) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"

        def serve() -> None:
            connection, _ = self.listener.accept()
            with connection, suppress(OSError):
                connection.recv(65_536)
                speak(connection)

        threading.Thread(target=serve, daemon=True).start()


def hang(connection: socket.socket) -> None:
    connection.recv(1)


def says(answer: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(answer)


def drip_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-More: more\r\n")
        time.sleep(0.02)


def drip_body(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.02)


@pytest.mark.parametrize(
    "speak",
    [
        hang,
        drip_headers,
        drip_body,
        says(b""),
        says(b"nonsense"),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nless"),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000),
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n"),
    ],
    ids=[
        "hangs",
        "drips-headers",
        "drips-body",
        "silent",
        "nonsense",
        "lies",
        "negative",
        "huge",
        "chunks",
    ],
)
def test_a_rude_server_is_given_up_on_in_time(
    speak: Callable[[socket.socket], None], settings
) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    with pytest.raises(http_client.Unreachable) as refused:
        http_client.send("POST", Rude(speak).url, timeout=0.4)
    assert refused.value.seconds < 5


def test_an_answer_that_is_longer_than_it_says_ends_where_it_says(settings) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nso be it, and more"
    assert http_client.send("POST", Rude(says(answer)).url).body == b"so b"


def test_one_that_hangs_holds_up_no_other(receiver: Listener, settings) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    requests = [http_client.Request(u, b"") for u in (Rude(hang).url, url(receiver))]
    hung, answered = http_client.send_all(requests, timeout=2.0)
    assert isinstance(hung, http_client.Unreachable)
    assert isinstance(answered, http_client.Response)
    assert answered.status == 200


def certificate_error() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED]")
    error.verify_message = "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (ConnectionRefusedError(111, "x"), "Nothing listens there: the connection was refused."),
        (certificate_error(), "Its certificate is not trusted: self-signed certificate."),
    ],
)
def test_why_there_was_no_answer_is_said_in_words(cause: Exception, words: str) -> None:
    error = httpcore.ConnectError(cause)
    error.__cause__ = cause
    assert http_client._in_words(error) == words


def test_a_port_where_nothing_listens_is_said_in_words(settings) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    with pytest.raises(http_client.Unreachable, match="Nothing listens there"):
        http_client.send("POST", f"http://127.0.0.1:{free_port()}/")


def test_no_answer_in_time_is_said_in_words() -> None:
    assert http_client._in_words(httpcore.ReadTimeout("x")) == "It did not answer in time."
