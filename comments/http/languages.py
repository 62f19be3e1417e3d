"""Languages: which of ours a reader's request asks for."""

from django.http import HttpRequest
from django.utils import translation


def asked(request: HttpRequest) -> str:
    """Return the language to answer in: `?lang=`, else the browser's choice, else English."""
    try:
        return translation.get_supported_language_variant(request.GET.get("lang", ""))
    except (LookupError, ValueError):
        return translation.get_language_from_request(request)
