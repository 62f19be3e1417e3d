"""Authenticate API keys in the places where clients of other services send them."""

from datetime import datetime

from django.http import HttpRequest

from comments.accounts import api_keys
from comments.http import rate_limits
from comments.models import Scope, SiteKey


class KeyMissing(Exception):
    """The request has no key."""


class KeyUnknown(Exception):
    """The key is unknown, revoked or expired."""


class ScopeMissing(Exception):
    """The key does not have the scope."""


class TooManyCalls(Exception):
    """The key's rate limit is exceeded; it is reset after `rate_limits.WINDOW` seconds."""


def authenticate(request: HttpRequest, scope: Scope, *, now: datetime) -> SiteKey:
    """Return the request's key and count the call against its rate limit.

    Raises KeyMissing, KeyUnknown, ScopeMissing or TooManyCalls.
    """
    secret = _read_secret(request)
    if not secret:
        raise KeyMissing
    key = api_keys.authenticate(secret, now=now)
    if key is None:
        raise KeyUnknown
    if not key.may(scope):
        raise ScopeMissing
    count_call(key, now=now)
    return key


def count_call(key: SiteKey, *, now: datetime) -> None:
    """Count a call against a key's rate limit; raise TooManyCalls when it is exceeded."""
    if not rate_limits.use(str(key.pk), now=now.timestamp()).allowed:
        raise TooManyCalls


def _read_secret(request: HttpRequest) -> str:
    """Return the secret in `?key=`, `X-Goog-Api-Key`, a bearer token or `?access_token=`; or ""."""
    bearer = request.headers.get("Authorization", "").partition(" ")[2]
    sent = request.GET.get("key") or request.headers.get("X-Goog-Api-Key") or bearer
    return str(sent or request.GET.get("access_token", "")).strip()
