"""The gate of the desk: the second step of signing in, and what is told after too many tries.

A password alone opens nothing to who has a second factor, or must have one: until its code is
given, the desk leads to where it is asked for, and the review API knows nobody.
"""

from collections.abc import Callable
from datetime import timedelta
from math import ceil

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from comments.accounts import two_factor
from comments.http.requests import client_address
from comments.models import User

DESK, API = "/admin/", "/api/v1/review/"


class SecondStep:
    """Middleware, after that of django-otp, which knows whether a session's code was given."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as if nobody were signed in, or lead to the second step, where one is missing."""
        # Nowhere else does a session count, and looking at one would make answers private.
        if not request.path.startswith((DESK, API)):
            return self.get_response(request)
        step = missing_step(request)
        if step and request.path.startswith(API):
            request.user = AnonymousUser()
        elif step and request.path not in (reverse(step), reverse("admin:logout")):
            asked = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse(step)}?{asked}")
        return self.get_response(request)


def missing_step(request: HttpRequest) -> str:
    """Return the name of the page that a user must pass first; "" for none."""
    user = request.user
    if not isinstance(user, User) or user.is_verified():  # type: ignore[attr-defined]
        return ""
    if two_factor.of(user):
        return "moderation_second_step"
    return "moderation_two_factor" if settings.REQUIRE_TWO_FACTOR else ""


def typed_address(request: HttpRequest, credentials: dict[str, str] | None) -> str:
    """Return the address that somebody tries to sign in with, as accounts have it."""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return given.strip().lower()


def locked(
    request: HttpRequest, response: HttpResponse, credentials: dict[str, str] | None
) -> HttpResponse:
    """Answer 429 to who tried too often, and say for how long."""
    last = (
        AccessAttempt.objects.filter(
            username=typed_address(request, credentials), ip_address=client_address(request)
        )
        .order_by("-attempt_time")
        .first()
    )
    until = (last.attempt_time if last else timezone.now()) + settings.AXES_COOLOFF_TIME
    left = max(until - timezone.now(), timedelta(seconds=1))
    page = render(
        request,
        "desk/locked.html",
        {**admin.site.each_context(request), "minutes": ceil(left / timedelta(minutes=1))},
        status=429,
    )
    page["Retry-After"] = str(ceil(left.total_seconds()))
    return page
