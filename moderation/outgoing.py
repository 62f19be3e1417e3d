"""The one way out: HTTP requests to addresses that other people chose.

An address is looked up once, every answer of the look-up must be public, and the connection goes
to the very address that was checked, so a name that changes its mind in between gains nothing
(DNS rebinding). Redirects are not followed. Time and size are bounded.
"""

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx
from django.conf import settings

# Of an answer no more is read than this (bytes).
MOST_BYTES = 64 * 1024
# Nothing is unpacked, so no small answer can become a large one.
HEADERS = {"User-Agent": "leave-a-reply", "Accept-Encoding": "identity"}
# IPv6 networks that carry an IPv4 address in their last 32 bits (RFC 6052, RFC 4291).
TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))


class Unreachable(Exception):
    """Nobody answered in time, or not in HTTP; the message says what happened."""


class Blocked(Unreachable):
    """The address is not one that may be asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers, the beginning of the body, and the time it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


def check(url: str) -> None:
    """Raise Blocked when an address may not be asked, by its looks or by where its name leads.

    A request checks again: this is for telling people early.
    """
    _public_address(_parse(url))


def send(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    timeout: float = 15.0,
) -> Answer:
    """Make one request, which has `timeout` seconds in all, and return its answer.

    An answer of any status is an answer, a redirect as well. Raises Blocked or Unreachable.
    """
    started = time.monotonic()
    target = _parse(url)
    address = _public_address(target)
    pinned = target.copy_with(host=str(address))
    request = httpx.Request(
        method,
        pinned,
        content=body,
        headers={**HEADERS, **(headers or {}), "Host": target.netloc.decode("ascii")},
        # The certificate must be that of the name, not of the number.
        extensions={"sni_hostname": _host(target)},
    )
    try:
        # No proxy and no netrc of the environment: they would lead around the check.
        with httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client:
            response = client.send(request, stream=True)
            content = _read(response, until=started + timeout)
            response.close()
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        raise Unreachable(f"{type(error).__name__}: {error}") from error
    return Answer(response.status_code, response.headers, content, time.monotonic() - started)


def _parse(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise Blocked(f"That is no address: {error}") from None
    if target.scheme not in ("http", "https") or not target.host:
        raise Blocked("Only http and https addresses can be asked.")
    if target.userinfo:
        raise Blocked("An address with a user name or password in it can't be asked.")
    if target.scheme == "http" and not _is_allowed(target):
        raise Blocked("Use https: what is sent must not be read on its way.")
    return target


def _public_address(target: httpx.URL) -> IPv4Address | IPv6Address:
    port = target.port or {"http": 80, "https": 443}[target.scheme]
    try:
        found = socket.getaddrinfo(_host(target), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"The host {target.host} is not known: {error}") from None
    # A scoped address (fe80::1%eth0) is link-local whatever its scope.
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not _is_allowed(target) and not all(_is_public(address) for address in addresses):
        raise Blocked(f"The host {target.host} is at a private address.")
    return addresses[0]


def _is_allowed(target: httpx.URL) -> bool:
    port = target.port or {"http": 80, "https": 443}[target.scheme]
    host = _host(target)
    return not {host, f"{host}:{port}"}.isdisjoint(settings.OUTGOING_ALLOW)


def _host(target: httpx.URL) -> str:
    """Return the host as it goes over the wire: lower case, Punycode."""
    return target.raw_host.decode("ascii")


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo:
            inner = address.teredo[1]
        if any(address in network for network in TRANSLATED):
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return _is_public(inner)
    return address.is_global and not address.is_multicast


def _read(response: httpx.Response, *, until: float) -> bytes:
    content = b""
    for piece in response.iter_raw():
        content += piece
        if len(content) >= MOST_BYTES:
            return content[:MOST_BYTES]
        if time.monotonic() > until:
            raise Unreachable("The answer did not end in time.")
    return content
