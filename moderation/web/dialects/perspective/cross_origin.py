"""Calls from browsers (CORS): a key that pages send may be used by the pages of its site alone.

A key in a page can be read by everybody who opens it. That other websites can't use it in their
visitors' browsers is what the check of the origin gives; programs send what they like.
"""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from comments.accounts import api_keys
from comments.http import guesses
from comments.models import SiteKey
from moderation.web.dialects import authentication

# Those that Google's client for browsers adds to each call are asked for in a preflight, too.
REQUEST_HEADERS = (
    "Authorization, Content-Type, X-Goog-Api-Key, X-Goog-Api-Client, X-Goog-User-Project, "
    "X-Goog-Encode-Response-If-Executable, X-ClientDetails, X-JavaScript-User-Agent, "
    "X-Requested-With, X-Origin, X-Referer"
)


def preflight(request: HttpRequest) -> HttpResponse:
    """Answer a preflight request: yes to the pages of the key's site.

    A preflight of a call with its key in a header does not have the key: the call itself tells.
    """
    response = HttpResponse(status=204)
    secret = authentication.read_secret(request)
    if secret:
        key = api_keys.authenticate(secret, now=timezone.now())
        if key is None:
            guesses.mark(request)
        if key is None or is_foreign(request, key):
            return response
    response["Access-Control-Allow-Methods"] = "POST"
    response["Access-Control-Allow-Headers"] = REQUEST_HEADERS
    response["Access-Control-Max-Age"] = "3600"
    return readable(response, request)


def is_foreign(request: HttpRequest, key: SiteKey) -> bool:
    """Return whether a page of another website than the key's sends the request."""
    origin = request.headers.get("Origin", "")
    return bool(origin) and origin not in key.site.origins


def readable(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Let the page that sent the request read the response, errors included."""
    patch_vary_headers(response, ["Origin"])
    if origin := request.headers.get("Origin"):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = "Retry-After"
    return response
