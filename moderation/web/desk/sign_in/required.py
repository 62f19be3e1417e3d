"""REQUIRE_TWO_FACTOR: who signed in with a password alone sets up a second factor first."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve, reverse

from comments.accounts import two_factor
from comments.models import User

DESK, API = "/admin/", "/api/v1/review/"
# By these pages a second factor is set up; the others of the desk wait for it.
SET_UP = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "account_reauthenticate",
    "logout",
    "login",
}


class RequireSecondFactor:
    """Middleware: leads to the security page, and lets the review API know nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as if nobody were signed in, or lead to where a second factor is set up."""
        # Nowhere else does a session count, and looking at one would make answers private.
        if not request.path.startswith((DESK, API)) or not is_missing(request):
            return self.get_response(request)
        if request.path.startswith(API):
            request.user = AnonymousUser()
        elif resolve(request.path_info).url_name not in SET_UP:
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)


def is_missing(request: HttpRequest) -> bool:
    """Tell whether somebody is signed in without the second factor that the settings ask for.

    What a provider of OpenID Connect asks for is its own business.
    """
    user = request.user
    if not settings.REQUIRE_TWO_FACTOR or not isinstance(user, User):
        return False
    records = get_authentication_records(request, user)
    by_provider = any(record["method"] == "socialaccount" for record in records)
    return not by_provider and not two_factor.is_on(user)
