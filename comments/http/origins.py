"""Tell forms that other websites send from our own and the site's (cross-site request forgery).

Browsers say where a request comes from: by `Origin` (Fetch standard) with every POST, by
`Sec-Fetch-Site` (Fetch Metadata) where they know it. The pages for readers have no cookie, but they
act for the reader's network, so other websites must not send their forms.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def is_foreign(
    request: HttpRequest, *, allowed: Collection[str] = (), no_referrer: bool = False
) -> bool:
    """Return whether another website than ours, or one that is `allowed`, sends an unsafe request.

    Without any of the headers (programs, browsers from before 2020) it is not: the form token is
    checked all the same. `no_referrer` says that our page has that Referrer-Policy, under which
    browsers call its origin `null`.
    """
    if request.method in SAFE_METHODS:
        return False
    origin = request.headers.get("Origin", "")
    fetched_from = request.headers.get("Sec-Fetch-Site", "")
    if origin and origin != "null":
        return not _is_ours(origin, request) and origin not in allowed
    if fetched_from:
        return fetched_from not in ("same-origin", "none")
    if origin:
        return not no_referrer
    referrer = request.headers.get("Referer", "")
    return bool(referrer) and not _is_ours(referrer, request) and _origin(referrer) not in allowed


def foreign_origin(request: HttpRequest, *, allowed: Collection[str]) -> str:
    """Return the `Origin` of another website than ours and those `allowed`; "" where it is none."""
    origin = request.headers.get("Origin", "")
    return "" if not origin or origin in allowed or _is_ours(origin, request) else origin


def _is_ours(url: str, request: HttpRequest) -> bool:
    """Return whether a URL is at PUBLIC_URL, or at the host that was called.

    A proxy may speak http with us where readers speak https, so the scheme does not count there.
    """
    origin = _origin(url)
    host = origin.partition("://")[2]
    return bool(host) and (origin == _origin(settings.PUBLIC_URL) or host == request.get_host())


def _origin(url: str) -> str:
    """Return the origin of a URL as browsers write it; "" where it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, default) else "")
