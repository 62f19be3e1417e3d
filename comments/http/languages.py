"""Language negotiation: which of the supported languages a request asks for."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def supported(code: str) -> str:
    """Return the supported language of a code; the active one for any other code."""
    try:
        return translation.get_supported_language_variant(code)
    except (LookupError, ValueError):
        return translation.get_language() or settings.LANGUAGE_CODE


def preferred(request: HttpRequest) -> str:
    """Return the language of the response: `?lang=`, else `Accept-Language`, else English."""
    try:
        return translation.get_supported_language_variant(request.GET.get("lang", ""))
    except (LookupError, ValueError):
        return translation.get_language_from_request(request)
