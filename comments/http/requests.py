"""Reading requests: JSON, and the address of the caller."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import IO, Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """DRF's JSON parser, refusing what is nested too deeply to read.

    What is too large never gets here: DATA_UPLOAD_MAX_MEMORY_SIZE sees to that.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed body; raise ParseError when there is none to have."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON parse error - nested too deeply") from None


def client_address(request: HttpRequest) -> str:
    """Return the IP address that a request came from.

    Reads `X-Forwarded-For` from the right and stops at the first address that is not one of
    TRUSTED_PROXIES; everything further left is hearsay.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    while hops and hops[-1] and _is_trusted(address):
        address = hops.pop()
    return address


def _is_trusted(address: str) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)
