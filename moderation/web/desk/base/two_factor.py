"""Two-factor sign-in at the desk: the second step, setting it up, codes, switching it off."""

from typing import Any

import django_otp
import segno
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache

from comments.accounts import two_factor
from comments.models import User
from comments.privacy import email_addresses
from moderation.web.desk.base.permissions import user_of

# Where the secret lies, encrypted, from the page that shows it until its first code.
SECRET = "two_factor_secret"


@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """Ask who has given the password for a code, and open the desk."""
    if not isinstance(request.user, User):
        return HttpResponseRedirect(reverse("admin:login"))
    error = ""
    if request.method == "POST":
        try:
            known = two_factor.verify(
                request.user, request.POST.get("code", ""), now=timezone.now()
            )
        except two_factor.WrongCode as refusal:
            error = _told(refusal)
        else:
            django_otp.login(request, known)
            return HttpResponseRedirect(_next(request))
    context = {
        **admin.site.each_context(request),
        "title": "Second step",
        "error": error,
        "next": request.GET.get("next", ""),
    }
    status = 200 if not error else 400
    return TemplateResponse(request, "desk/second_step.html", context, status=status)


@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Show whether a user has a second factor, and set up, renew or switch off."""
    user = user_of(request)
    codes: list[str] = []
    if request.method == "POST":
        try:
            codes = _act(request, user)
        except two_factor.WrongCode as refusal:
            messages.warning(request, _told(refusal))
        if not codes:
            return HttpResponseRedirect(request.get_full_path())
    standing = two_factor.of(user)
    context = {
        **admin.site.each_context(request),
        "title": "Two-factor sign-in",
        "standing": standing,
        "codes": codes,
        "codes_left": two_factor.codes_left(user),
        "required": settings.REQUIRE_TWO_FACTOR,
        "next": _next(request),
        **({} if standing else _offer(request, user)),
    }
    return TemplateResponse(request, "desk/two_factor.html", context)


def _act(request: HttpRequest, user: User) -> list[str]:
    """Do what a button asks, and return the codes to show; raises WrongCode."""
    act, code, now = request.POST.get("act"), request.POST.get("code", ""), timezone.now()
    if act == "set_up" and two_factor.of(user) is None:
        codes = two_factor.set_up(user, secret=_secret(request), code=code, now=now)
        del request.session[SECRET]
        django_otp.login(request, two_factor.of(user))
        return codes
    two_factor.verify(user, code, now=now)
    if act == "renew":
        return two_factor.renew_codes(user)
    if act == "switch_off" and not settings.REQUIRE_TWO_FACTOR:
        two_factor.remove(user)
        messages.success(request, "Switched off: your password alone signs you in.")
    return []


def _offer(request: HttpRequest, user: User) -> dict[str, Any]:
    secret = _secret(request)
    code = segno.make(two_factor.address(secret, user), error="m")
    picture = code.svg_inline(scale=4, border=3, light="#fff", title="The code to scan")
    return {
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        "picture": mark_safe(picture),  # noqa: S308 - drawn here, of nothing that was sent
    }


def _secret(request: HttpRequest) -> str:
    """Return the secret that this session was offered; the same until it is set up."""
    try:
        return email_addresses.decrypt(request.session[SECRET])
    except (KeyError, InvalidToken):
        secret = two_factor.new_secret()
        request.session[SECRET] = email_addresses.encrypt(secret)
        return secret


def _told(refusal: two_factor.WrongCode) -> str:
    if isinstance(refusal, two_factor.TooSoon):
        seconds = max(1, round((refusal.until - timezone.now()).total_seconds()))
        return f"Too many wrong codes. Try again in {seconds} seconds."
    return str(refusal)


def _next(request: HttpRequest) -> str:
    where = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        where, {request.get_host()}, require_https=request.is_secure()
    )
    return where if ours else reverse("admin:moderation_reviewable_changelist")
