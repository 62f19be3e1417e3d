"""Browsers in which somebody signed in before: what others fail does not keep them out.

A cookie, as in OWASP's "Slow Down Online Guessing Attacks with Device Cookies"; it opens nothing.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from comments.models import User

COOKIE, SALT = "leave_a_reply_device", "leave-a-reply.device"
LIFETIME = timedelta(days=365)
# Accounts that one browser is remembered for.
MOST = 5


def remember(response: HttpResponseBase, request: HttpRequest, user: User) -> None:
    """Have the browser keep that this user signed in with it."""
    known = {**_read(request), str(user.pk): secrets.token_urlsafe(12)}
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(list(known.items())[-MOST:]), salt=SALT),
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def device_of(request: HttpRequest, user: User) -> str:
    """Return what names the browser of a user who signed in with it before; "" for any other."""
    return _read(request).get(str(user.pk), "")


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        known = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return {}
    return known if isinstance(known, dict) else {}
