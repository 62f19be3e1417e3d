"""Sessions that lack a second factor: allauth asks for it at sign-in, and this ever after.

A session from before a second factor was set up elsewhere has to sign in again. With
REQUIRE_TWO_FACTOR, who signed in with a password alone sets one up first.
"""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import resolve, reverse

from comments.accounts import two_factor
from comments.models import User
from moderation.web.desk.sign_in import pages

DESK, API = "/admin/", "/api/v1/review/"
# By these pages a second factor is set up; the others of the desk wait for it.
ADDING = {"mfa_activate_totp", "mfa_add_webauthn"}
SET_UP = ADDING | {
    "mfa_index",
    "mfa_view_recovery_codes",
    "account_reauthenticate",
    "login",
    "logout",
}
# Of a session in which a second factor was set up.
SET_UP_HERE = "second_factor_set_up_here"


class RequireSecondFactor:
    """Middleware of the desk and the review API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as if nobody were signed in, or lead to where the second factor is."""
        # Nowhere else does a session count, and looking at one would make answers private.
        if not request.path.startswith((DESK, API)):
            return self.get_response(request)
        user = request.user
        if isinstance(user, User) and not has_passed(request, user):
            if request.path.startswith(API):
                request.user = AnonymousUser()
            elif two_factor.is_on(user):
                logout(request)
                return pages.login(request, where=request.get_full_path())
            elif resolve(request.path_info).url_name not in SET_UP:
                return HttpResponseRedirect(reverse("mfa_index"))
        response = self.get_response(request)
        _remember(request)
        return response


def _remember(request: HttpRequest) -> None:
    """Note in the session that a second factor was set up in it."""
    name = request.resolver_match and request.resolver_match.url_name
    if request.method == "POST" and name in ADDING and isinstance(request.user, User):
        request.session[SET_UP_HERE] = two_factor.is_on(request.user)


def has_passed(request: HttpRequest, user: User) -> bool:
    """Tell whether a session has the second factor that its user has, or must have."""
    methods = {record["method"] for record in get_authentication_records(request, user)}
    # What a provider asks for is its own business.
    if "socialaccount" in methods:
        return True
    if not two_factor.is_on(user):
        return not settings.REQUIRE_TWO_FACTOR
    return "mfa" in methods or bool(request.session.get(SET_UP_HERE))
