"""The account adapter of allauth: who may sign in, how often, and where to."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from comments.http.requests import client_address
from comments.models import User
from comments.privacy import email_addresses
from moderation.web.desk.sign_in import pages

OTHERWISE = {
    "mfa_reauthenticate": "Use your authenticator app, or a recovery code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}


class AccountAdapter(DefaultAccountAdapter):
    """Signs in staff by email address; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Keep sign-up closed: accounts come from owners and commands."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address behind TRUSTED_PROXIES."""
        return client_address(request)

    def is_safe_url(self, url: str) -> bool:
        """Lead to pages of the host that was called, and nowhere else."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def pre_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse | None:
        """Refuse whom the desk would not let in."""
        if user.is_active and user.is_staff:
            return None
        clear_login(request)
        return HttpResponseRedirect(reverse("account_inactive"))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try with a password; answer 429 when there were too many."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            raise ImmediateHttpResponse(pages.locked(request)) from None

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # With the network in it, nobody can close somebody else's account from afar.
        network = email_addresses.address_digest(client_address(request))
        return f"{email_addresses.normalise_email(credentials.get('email', ''))}:{network}"

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Ask again unless the sign-in itself is recent."""
        request = context.request
        records = get_authentication_records(request, request.user)
        recent = any(time.time() - record["at"] < REAUTHENTICATION_TIMEOUT for record in records)
        return not recent

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return by what somebody confirms an act: at least by signing in anew."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        for method in methods:
            method["description"] = OTHERWISE.get(method["id"], method["description"])
        again = {"id": "again", "description": "Sign in again", "url": reverse("sign_in_again")}
        return methods or [again]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to the security page."""
        return reverse("mfa_index")
