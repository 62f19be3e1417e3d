"""What a wildcard DNS entry does: KEY.akismet.test leads to the service."""

import socket
from typing import Any

_getaddrinfo = socket.getaddrinfo


def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else str(host)
    found = "127.0.0.1" if name.endswith("akismet.test") else host
    return _getaddrinfo(found, *arguments, **options)


socket.getaddrinfo = getaddrinfo
