"""The page on which moderators see at which sites flood mode is on, and switch it."""

from django.contrib import admin, messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext

from comments.models import Role
from moderation.insight import floods
from moderation.web.desk.base.permissions import sites_of, user_of
from moderation.web.desk.base.requests import return_url

# Of somebody who has more, those in a flood stand first.
MOST = 200


def page(request: HttpRequest) -> HttpResponse:
    """Show the user's sites; a POST switches it at one that the user moderates (`on`, `off`)."""
    if request.method == "POST":
        _switch(request)
        return HttpResponseRedirect(return_url(request, request.POST.get("next", "")))
    in_flood_first = F("flood_since").desc(nulls_last=True)
    context = {
        **admin.site.each_context(request),
        "title": gettext("Flood mode"),
        "sites": sites_of(request).order_by(in_flood_first, "name")[:MOST],
        "moderated": set(sites_of(request, Role.MODERATOR).values_list("pk", flat=True)),
    }
    return TemplateResponse(request, "desk/flood.html", context)


def _switch(request: HttpRequest) -> None:
    turned_on = "on" in request.POST
    slug = request.POST.get("on") or request.POST.get("off")
    site = sites_of(request, Role.MODERATOR).filter(slug=slug).first()
    if site is None:
        raise Http404
    switch = floods.begin if turned_on else floods.end
    switch(site, by=user_of(request), now=timezone.now())
    words = (
        gettext("Flood mode is on at %(site)s.")
        if turned_on
        else gettext("Flood mode is off at %(site)s.")
    )
    messages.success(request, words % {"site": site})
