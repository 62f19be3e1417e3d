"""Authenticate API keys in the places where clients of other services send them."""

from datetime import datetime

from django.http import HttpRequest

from comments.accounts import api_keys, key_limits
from comments.http import guesses
from comments.models import Scope, SiteKey


class KeyMissing(Exception):
    """The request has no key."""


class KeyUnknown(Exception):
    """The key is unknown, revoked or expired."""


class ScopeMissing(Exception):
    """The key does not have the scope."""


class TooManyCalls(Exception):
    """A limit of the key or its site is used up; it resets in a minute."""


def authenticate(request: HttpRequest, scope: Scope, *, now: datetime) -> SiteKey:
    """Return the request's key and count the call against its rate limit.

    Raises KeyMissing, KeyUnknown, ScopeMissing or TooManyCalls.
    """
    secret = read_secret(request)
    key = api_keys.authenticate(secret, now=now)
    if key is None:
        # With a key that is missing too: what a client of another service sends was read for it.
        guesses.mark(request)
        raise KeyUnknown if secret else KeyMissing
    if not key.may(scope):
        raise ScopeMissing
    count_call(key, now=now)
    return key


def count_call(key: SiteKey, *, now: datetime) -> None:
    """Count a call against the limits of a key and its site; raise TooManyCalls beyond them."""
    if key_limits.exceeded(key_limits.count_call(key, now=now)):
        raise TooManyCalls


def read_secret(request: HttpRequest) -> str:
    """Return the secret in `?key=`, `X-Goog-Api-Key`, a bearer token or `?access_token=`; or ""."""
    bearer = request.headers.get("Authorization", "").partition(" ")[2]
    sent = request.GET.get("key") or request.headers.get("X-Goog-Api-Key") or bearer
    return str(sent or request.GET.get("access_token", "")).strip()
