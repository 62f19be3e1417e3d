"""HTTP client for addresses that other people chose, safe against SSRF.

A host name is resolved once, every address that it resolves to must be public, and the connection
goes to the very address that was checked: DNS rebinding gains nothing. Redirects are not followed.
Time and size are bounded. No other module makes outgoing requests.
"""

import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpcore
import httpx
from django.conf import settings
from django.utils.translation import gettext

from moderation.models import delivery_errors as errors
from moderation.notifications.webhooks.pinned_connections import PinnedBackend
from moderation.notifications.webhooks.public_addresses import is_public

# The most bytes that are read of a response body.
MOST_BYTES = 64 * 1024
# Nothing is decompressed, so no small response can become a large one.
HEADERS = {"User-Agent": "leave-a-reply", "Accept-Encoding": "identity"}
FAILURES = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)


class Unreachable(Exception):
    """There was no HTTP response in time; the message says why. It took `seconds` to find out."""

    seconds = 0.0


class Blocked(Unreachable):
    """Requests to this address are not allowed; the message says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """A POST request."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers (names in lower case), beginning of the body, and the seconds it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


Outcome = Response | Unreachable


def check(url: str) -> None:
    """Raise Blocked or Unreachable for an address to which no request can be made.

    For validation of input: `send` checks again.
    """
    _public_address(_parse(url))


def send(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    timeout: float = 15.0,
    most_bytes: int = MOST_BYTES,
) -> Response:
    """Make one request, which has `timeout` seconds in all, and return the response.

    A response of any status is returned, a redirect as well, with the first `most_bytes` of its
    body. Raises Blocked or Unreachable.
    """
    started = time.monotonic()
    target = _parse(url)
    backend = PinnedBackend(_public_address(target), until=started + timeout)
    named = {**HEADERS, **(headers or {}), "Host": target.netloc.decode("ascii")}
    sent: list[tuple[bytes | str, bytes | str]] = list(named.items())
    try:
        # No proxy and no netrc of the environment are read: they would lead around the check.
        with (
            httpcore.ConnectionPool(_certificates(), network_backend=backend) as pool,
            pool.stream(method, str(target), headers=sent, content=body) as response,
        ):
            content = _read(response, most_bytes)
    except (*FAILURES, OSError) as error:
        failed = Unreachable(_in_words(error))
        failed.seconds = time.monotonic() - started
        raise failed from error
    received = {n.decode("latin-1").lower(): v.decode("latin-1") for n, v in response.headers}
    return Response(response.status, received, content, time.monotonic() - started)


def _in_words(error: Exception) -> str:
    """Say why there was no response, as the owner of the address reads it."""
    # The pool raises it again, from nothing.
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return gettext(errors.NOT_TRUSTED) % {"why": cause.verify_message}
    if isinstance(cause, ConnectionRefusedError):
        return gettext(errors.NOT_LISTENING)
    if isinstance(error, httpcore.TimeoutException):
        return gettext(errors.NO_ANSWER)
    return gettext(errors.NOT_CONNECTED) % {"error": str(error) or type(error).__name__}


def send_all(requests: Sequence[Request], *, timeout: float) -> list[Outcome]:
    """Make requests concurrently, so that a slow one delays no other; return their outcomes."""

    def attempt(request: Request) -> Outcome:
        try:
            return send(
                "POST",
                request.url,
                body=request.body,
                headers=request.headers,
                timeout=timeout,
            )
        except Unreachable as error:
            return error

    if len(requests) < 2:
        return [attempt(request) for request in requests]
    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(attempt, requests))


def _parse(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise Blocked(gettext(errors.NO_ADDRESS) % {"error": error}) from None
    if target.scheme not in ("http", "https") or not target.host:
        raise Blocked(gettext(errors.NOT_HTTP))
    if target.userinfo:
        raise Blocked(gettext(errors.WITH_PASSWORD))
    if target.scheme == "http" and not _is_allowed(target):
        raise Blocked(gettext(errors.NOT_HTTPS))
    return target


def _public_address(target: httpx.URL) -> IPv4Address | IPv6Address:
    port = target.port or {"http": 80, "https": 443}[target.scheme]
    try:
        found = socket.getaddrinfo(_host(target), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        text = gettext(errors.UNKNOWN_HOST) % {"host": target.host}
        raise Unreachable(text) from None
    # A scoped address (fe80::1%eth0) is link-local whatever its scope.
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not _is_allowed(target) and not all(is_public(address) for address in addresses):
        raise Blocked(gettext(errors.PRIVATE) % {"host": target.host})
    return addresses[0]


def _is_allowed(target: httpx.URL) -> bool:
    port = target.port or {"http": 80, "https": 443}[target.scheme]
    host = _host(target)
    return not {host, f"{host}:{port}"}.isdisjoint(settings.OUTGOING_ALLOW)


def _host(target: httpx.URL) -> str:
    """Return the host as it is sent: lower case, Punycode."""
    return target.raw_host.decode("ascii")


def _read(response: httpcore.Response, most_bytes: int) -> bytes:
    content = b""
    for piece in response.iter_stream():
        content += piece
        if len(content) >= most_bytes:
            break
    return content[:most_bytes]


@cache
def _certificates() -> ssl.SSLContext:
    """Return the trusted certificates; cached, since reading them takes longer than a request."""
    return httpcore.default_ssl_context()
