"""The page that shows an owner from where a site was called in vain, and allows it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from comments.models import RefusedOrigin, Site
from moderation.review.sites import origins
from moderation.web.desk.base.permissions import user_of


def page(request: HttpRequest, site: Site, *, context: dict[str, object]) -> HttpResponse:
    """Show the refused origins of a site; a POST allows one (`allow`), or removes it (`remove`)."""
    if request.method == "POST":
        _act(request, site)
        return HttpResponseRedirect(request.path)
    context = {
        **context,
        "title": gettext("Refused origins"),
        "site": site,
        "refused": RefusedOrigin.objects.filter(site=site),
        "settings": reverse("admin:comments_site_change", args=[site.pk]),
    }
    return TemplateResponse(request, "desk/refused_origins.html", context)


def warn(request: HttpRequest, site: Site) -> None:
    """Tell an owner, above the site's settings, from where it was called in vain."""
    refused = RefusedOrigin.objects.filter(site=site).first()
    if refused:
        text = gettext(
            "Your site was called from %(origin)s, which is not among its origins. "
            "See “Refused origins” to allow it."
        )
        messages.warning(request, text % {"origin": refused})


def _act(request: HttpRequest, site: Site) -> None:
    if origin := request.POST.get("allow"):
        refused = RefusedOrigin.objects.filter(site=site, origin=origin).first()
        if refused:
            origins.allow(refused, by=user_of(request), now=timezone.now())
            text = gettext("Pages of %(origin)s may show and take comments now.")
            messages.success(request, text % {"origin": origin})
    elif origin := request.POST.get("remove"):
        RefusedOrigin.objects.filter(site=site, origin=origin).delete()
