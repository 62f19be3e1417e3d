"""The page that tells superusers what is wrong with the installation."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from comments.http.forwarding import client_address, was_forwarded
from leave_a_reply import __version__
from moderation.insight.doctor.diagnosis import Diagnosis, error
from moderation.insight.doctor.examine import Examined, examine
from moderation.web.desk.base.permissions import is_superuser

STATES = {
    "ok": _("all is well"),
    "warning": _("could be better"),
    "error": _("does not work"),
}


@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Show every part of the installation, what is wrong with it, and what to do."""
    if not is_superuser(request):
        raise PermissionDenied
    examined = [Examined(gettext("Proxy"), list(proxy(request))), *examine(now=timezone.now())]
    levels = [part.level for part in examined]
    context = {
        **admin.site.each_context(request),
        "title": gettext("Installation"),
        "parts": [(part, STATES[part.level]) for part in examined if part.found],
        "sound": [part.subject for part in examined if not part.found],
        "failing": levels.count("error"),
        "worse": levels.count("warning"),
        "version": __version__,
    }
    return TemplateResponse(request, "desk/installation.html", context)


def proxy(request: HttpRequest) -> Iterator[Diagnosis]:
    """Tell what the request for this page shows of the proxy that it came through."""
    sender = request.META.get("REMOTE_ADDR", "")
    if was_forwarded(request) and not settings.TRUSTED_PROXIES:
        text = gettext(
            "This page came through a proxy at %(address)s that TRUSTED_PROXIES does not name."
        )
        advice = gettext("Name it, or limits, votes and bans take all readers for one.")
        yield error(text % {"address": sender}, advice)
    elif not client_address(request):
        text = gettext("The proxy does not say for whom it asks in %(header)s.")
        advice = gettext("Have it set that header; docs/production.md shows how.")
        yield error(text % {"header": settings.PROXY_HEADER.title()}, advice)
    if settings.HTTPS and not request.is_secure():
        text = gettext(
            "This page came without HTTPS, or the proxy does not say so in X-Forwarded-Proto."
        )
        advice = gettext("Have it set that header; sign-in and redirects depend on it.")
        yield error(text, advice)
