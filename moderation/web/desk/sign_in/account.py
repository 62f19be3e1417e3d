"""The account adapter of allauth: who may sign in, how often, and where to."""

import time
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.http.forwarding import client_address
from comments.models import User
from comments.privacy import networks
from moderation.notifications.mail import security
from moderation.web.desk.sign_in import known_devices, limits

OTHERWISE = {
    "mfa_reauthenticate": _("Use your authenticator app, or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Signs in staff by email address; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Keep sign-up closed: accounts come from owners and commands."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address behind TRUSTED_PROXIES, or a name that nobody else has.

        allauth's own limits are by address: `limits` counts those whose address can't be read.
        """
        return client_address(request) or f"{networks.NOBODY}-{uuid4().hex}"

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

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return whose password it is; answer 429 when there were too many tries."""
        tries = limits.take_password(request, credentials.get("email", ""))
        user = super().authenticate(request, **credentials)
        if user:
            limits.succeeded(tries)
        return user

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """Tell somebody what was changed about how they sign in."""
        if what := security.EVENTS.get(template_prefix):
            security.write(user, what, now=timezone.now())

    def post_login(self, request: HttpRequest, user: User, **hooks: Any) -> HttpResponse:
        """Remember the browser, once the last step is done."""
        response: HttpResponse = super().post_login(request, user, **hooks)
        known_devices.remember(response, request, user)
        user.note_language(translation.get_language())
        return response

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
        again = {
            "id": "again",
            "description": gettext("Sign in again"),
            "url": reverse("sign_in_again"),
        }
        return methods or [again]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to the security page."""
        return reverse("mfa_index")
