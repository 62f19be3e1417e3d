"""Connections to an address that was checked, with a deadline for all that is sent and read."""

import ssl
import time
from ipaddress import IPv4Address, IPv6Address
from typing import Any

import httpcore


class PinnedBackend(httpcore.SyncBackend):
    """Connects to the address that was checked, whatever the name resolves to by now."""

    def __init__(self, address: IPv4Address | IPv6Address, *, until: float) -> None:
        self.address, self.until = str(address), until

    def connect_tcp(self, host: str, port: int, *args: Any, **kwargs: Any) -> "_StreamWithDeadline":
        """Connect before the deadline."""
        left = _left(self.until, httpcore.ConnectTimeout)
        return _StreamWithDeadline(
            super().connect_tcp(self.address, port, timeout=left), self.until
        )


class _StreamWithDeadline(httpcore.NetworkStream):
    """A connection with a deadline, however busily the other side keeps it alive."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self.stream, self.until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read before the deadline."""
        return self.stream.read(max_bytes, timeout=_left(self.until, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write before the deadline."""
        self.stream.write(buffer, timeout=_left(self.until, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> "_StreamWithDeadline":
        """Start TLS; the certificate must be that of the host name, not of the IP address."""
        left = _left(self.until, httpcore.ConnectTimeout)
        return _StreamWithDeadline(
            self.stream.start_tls(ssl_context, server_hostname, left), self.until
        )

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore needs to know of the stream."""
        return self.stream.get_extra_info(info)


def _left(until: float, late: type[Exception]) -> float:
    """Return how many seconds are left until the deadline; raise `late` when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise late("there was no answer in time")
    return left
