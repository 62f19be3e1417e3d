"""Keys, as callers of other services send them."""

from datetime import datetime

from django.http import HttpRequest

from comments import keys
from comments.models import SiteKey


def secret_of(request: HttpRequest) -> str:
    """Return the secret that came along: `?key=`, `X-Goog-Api-Key`, or a bearer token."""
    bearer = request.headers.get("Authorization", "").partition(" ")[2]
    sent = request.GET.get("key") or request.headers.get("X-Goog-Api-Key") or bearer
    return str(sent or request.GET.get("access_token", "")).strip()


def key_of(request: HttpRequest, *, now: datetime) -> SiteKey | None:
    """Return the key that came along, if it is good."""
    return keys.find(secret_of(request), now=now)
