"""Signing in at a provider of OpenID Connect: only who has an account already, by address."""

from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.datakit import parse_bool_safely
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from comments.models import User
from comments.privacy import email_addresses
from moderation.notifications.webhooks import guarded_requests
from moderation.web.desk.sign_in import limits


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Matches who comes from the provider with an account, each time anew; nothing is stored."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Keep sign-up closed: accounts come from owners and commands."""
        return False

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> Any:
        """Return the provider of the settings; none is kept in the database."""
        return [app for app in super().list_apps(request, provider, client_id) if not app.pk]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account, or refuse.

        Whatever the address of the page asked for, this is a sign-in: accounts at the provider
        are not connected with ours, which would outlive a change of the address.
        """
        sociallogin.state["process"] = AuthProcess.LOGIN
        user = account_of(sociallogin.account.extra_data)
        if user is None:
            raise ImmediateHttpResponse(refused(request))
        sociallogin.user = user

    def get_requests_session(self) -> requests.Session:
        """Return a session that obeys OUTGOING_ALLOW."""
        return guarded_requests.session()


def account_of(claims: dict[str, Any]) -> User | None:
    """Return the active user whose address the provider has verified.

    `claims` are those of the ID token, and of the userinfo endpoint, which must be about the same
    subject (OpenID Connect Core 1.0, section 5.3.2).
    """
    token, more = claims.get("id_token"), claims.get("userinfo") or {}
    if not token or (more and more.get("sub") != token.get("sub")):
        return None
    known = more if more.get("email") else token
    if parse_bool_safely(known.get("email_verified")) is not True:
        return None
    address = email_addresses.normalise_email(str(known.get("email", "")))
    return User.objects.filter(email=address, is_active=True).first()


@never_cache
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider; tell when it can't be reached, answer 429 to who asks too often."""
    limits.count_start(request)
    try:
        response: HttpResponse = views.login(request, provider_id)
    except (requests.RequestException, OAuth2Error, LookupError, ValueError):
        return refused(request, is_away=True)
    return response


@never_cache
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Sign in who comes back from the provider; answer 429 after many who were not let in."""
    tries = limits.take_anonymous(request, "callback")
    try:
        response: HttpResponse = views.callback(request, provider_id)
    except (requests.RequestException, OAuth2Error, LookupError, ValueError):
        return refused(request, is_away=True)
    if response.status_code == 302:
        limits.succeeded(tries)
    return response


def refused(request: HttpRequest, *, is_away: bool = False) -> HttpResponse:
    """Answer that the provider's word opens nothing here, or that it has none to give."""
    return render(
        request,
        "socialaccount/authentication_error.html",
        {"is_away": is_away, "is_unknown": not is_away},
        status=502 if is_away else 403,
    )
