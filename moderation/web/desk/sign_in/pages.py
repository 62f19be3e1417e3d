"""What the pages of signing in share: the frame of the desk, and answers outside of it."""

from collections.abc import Callable
from datetime import timedelta
from math import ceil
from typing import Any

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode

View = Callable[..., HttpResponseBase]


def in_desk(view: View, *, title: str | Promise = "") -> View:
    """Return a view of somebody else's as a page of the desk: for staff, with the sidebar."""

    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            required = settings.REQUIRE_TWO_FACTOR
            frame = admin.site.each_context(request) | {"title": title, "required": required}
            response.context_data = {**frame, **(response.context_data or {})}
            # The frame takes it for an object of the admin, and looks for its list.
            response.context_data.pop("object", None)
        return response

    return admin.site.admin_view(page)


def login(request: HttpRequest, *, where: str = "") -> HttpResponse:
    """Lead from the admin's own address of signing in to ours, and from there to `where`.

    Who gets here while signed in may not enter the desk, so they can sign in as somebody else.
    """
    if request.user.is_authenticated and not admin.site.has_permission(request):
        logout(request)
    where = where or request.GET.get("next", "")
    query = f"?{urlencode({'next': where})}" if where else ""
    return HttpResponseRedirect(reverse("account_login") + query)


def locked(request: HttpRequest, wait: timedelta) -> HttpResponse:
    """Answer 429 to who tried too often, and say for how long, and what opens meanwhile."""
    minutes = ceil(wait.total_seconds() / 60)
    page = render(request, "desk/locked.html", {"minutes": minutes}, status=429)
    page["Retry-After"] = str(ceil(wait.total_seconds()))
    return page


def again(request: HttpRequest) -> HttpResponse:
    """Have somebody sign in anew who asks for it, or has nothing else to confirm an act with."""
    if request.method == "POST" or not get_reauthentication_flows(request.user):
        logout(request)
    return login(request)
