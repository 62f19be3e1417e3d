"""Read requests: JSON bodies, validated data, and the address of the caller."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import IO, Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """DRF's JSON parser, which rejects bodies that are nested too deeply.

    Bodies that are too large never get here: DATA_UPLOAD_MAX_MEMORY_SIZE rejects them before.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed body; raise ParseError for malformed JSON."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON parse error - nested too deeply") from None


def validate(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    """Return the validated data; raise ValidationError, which is answered with 400.

    All input is validated here, whether it came as a body, a query or a form.
    """
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data


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
