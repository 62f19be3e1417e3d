"""Languages: which of ours a reader's request asks for."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def supported(code: str) -> str:
    """Return which of ours a language code stands for; for any other the one that is active."""
    try:
        return translation.get_supported_language_variant(code)
    except (LookupError, ValueError):
        return translation.get_language() or settings.LANGUAGE_CODE


def asked(request: HttpRequest) -> str:
    """Return the language to answer in: `?lang=`, else the browser's choice, else English."""
    try:
        return translation.get_supported_language_variant(request.GET.get("lang", ""))
    except (LookupError, ValueError):
        return translation.get_language_from_request(request)
