"""Keys, as callers of other services send them."""

from datetime import datetime

from django.http import HttpRequest

from comments.accounts import api_keys
from comments.http import rate_limits
from comments.models import Scope, SiteKey


class KeyMissing(Exception):
    """No key came along."""


class KeyUnknown(Exception):
    """The key is none, or it has ended."""


class ScopeMissing(Exception):
    """The key is for something else."""


class TooManyCalls(Exception):
    """The key was used as often as it may be; it may be used again in `limits.WINDOW` seconds."""


def admit(request: HttpRequest, scope: Scope, *, now: datetime) -> SiteKey:
    """Return the key that came along, and count the call; raise what is wrong with it."""
    secret = secret_of(request)
    if not secret:
        raise KeyMissing
    key = api_keys.authenticate(secret, now=now)
    if key is None:
        raise KeyUnknown
    if not key.may(scope):
        raise ScopeMissing
    count(key, now=now)
    return key


def count(key: SiteKey, *, now: datetime) -> None:
    """Count a call; raise TooManyCalls."""
    if not rate_limits.use(str(key.pk), now=now.timestamp()).allowed:
        raise TooManyCalls


def secret_of(request: HttpRequest) -> str:
    """Return the secret that came along: `?key=`, `X-Goog-Api-Key`, or a bearer token."""
    bearer = request.headers.get("Authorization", "").partition(" ")[2]
    sent = request.GET.get("key") or request.headers.get("X-Goog-Api-Key") or bearer
    return str(sent or request.GET.get("access_token", "")).strip()
