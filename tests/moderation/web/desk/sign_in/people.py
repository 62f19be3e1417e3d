"""People who sign in, and what the tests of that do again and again."""

import re
import time
from typing import Any, NamedTuple

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from comments.models import User
from tests.moderation.web.desk.desk import QUEUE

PASSWORD = "a long password for tests"
LOGIN, CODE = reverse("account_login"), reverse("mfa_authenticate")
SECURITY, APP = reverse("mfa_index"), reverse("mfa_activate_totp")
CODES = reverse("mfa_view_recovery_codes")
REVIEW = "/api/v1/review/queue"


class Protected(NamedTuple):
    """A user with an authenticator app and recovery codes."""

    user: User
    secret: str
    codes: list[str]


def protect(user: User) -> Protected:
    secret = auth.generate_totp_secret()
    TOTP.activate(user, secret)
    return Protected(user, secret, RecoveryCodes.activate(user).generate_codes())


def code_of(secret: str, *, later: int = 0) -> str:
    """Return what the app shows, or will show so many steps later."""
    counter = int(time.time()) // 30 + later
    return auth.format_hotp_value(auth.hotp_value(secret, counter))


def sign_in(user: User, password: str = PASSWORD, client: Client | None = None, **meta: Any) -> Any:
    """Type address and password; the answer's `client` is who did."""
    typed = {"login": user.email, "password": password, "next": QUEUE}
    return (client or Client()).post(LOGIN, typed, **meta)


def offered(client: Client) -> str:
    """Return the secret that the page of a new authenticator app shows."""
    page = client.get(APP).content.decode()
    assert "<svg" in page
    return re.search(r"type the key: <code[^>]*>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
