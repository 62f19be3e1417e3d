"""The page where an owner makes, takes and ends the secrets that a site shares with us."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.accounts import shared_secrets as stored
from comments.accounts.shared_secrets import SecretUse
from comments.models import Site
from moderation.models import AuditAction, AuditEntry
from moderation.review.sites import shared_secrets
from moderation.web.desk.base.permissions import user_of

# What the buttons of the page do: their name, and what they say once it is done.
DONE = {
    "coral": _("Coral’s secret is set. The one before it stays valid until you drop it."),
    "public_key": _("Tokens signed with this key are taken from now on."),
    "no_public_key": _("Tokens signed with that key are refused from now on."),
    "drop": _("The former secret is dropped: what is signed with it is refused from now on."),
    "end": _("Switched off: what is signed with that secret is refused from now on."),
}


def page(request: HttpRequest, site: Site, *, context: dict[str, Any]) -> HttpResponse:
    """Show which secrets are set; a POST names what to do (`do`), and for which use (`use`)."""
    context = {
        **context,
        "title": gettext("Shared secrets"),
        "site": site,
        "settings": reverse("admin:comments_site_change", args=[site.pk]),
    }
    if request.method != "POST":
        return _show(request, site, context)
    if request.POST.get("do") == "make":
        return _make(request, site, context)
    try:
        _act(request, site)
    except ValueError as error:
        return _show(
            request,
            site,
            {**context, "refusal": str(error), "typed": request.POST.get("pem", "")},
            status=400,
        )
    return HttpResponseRedirect(request.path)


def _make(request: HttpRequest, site: Site, context: dict[str, Any]) -> HttpResponse:
    secret = shared_secrets.make_sign_on_secret(site, by=user_of(request), now=timezone.now())
    return _show(request, site, {**context, "made": secret})


def _act(request: HttpRequest, site: Site) -> None:
    """Do what one of the buttons asks for. Raises ValueError for what can't be taken."""
    what, by, now = request.POST.get("do", ""), user_of(request), timezone.now()
    if what == "coral":
        secret = request.POST.get("secret", "")
        shared_secrets.take_coral_secret(site, secret, by=by, now=now)
    elif what in ("public_key", "no_public_key"):
        pem = request.POST.get("pem", "") if what == "public_key" else ""
        shared_secrets.set_public_key(site, pem, by=by, now=now)
    elif what == "drop":
        shared_secrets.drop_former(site, _use(request), by=by, now=now)
    elif what == "end":
        shared_secrets.remove(site, _use(request), by=by, now=now)
    if what in DONE:
        messages.success(request, str(DONE[what]))


def _use(request: HttpRequest) -> SecretUse:
    return SecretUse(request.POST.get("use", ""))


def _show(
    request: HttpRequest, site: Site, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context |= {
        "sign_on": _state(site, SecretUse.SIGN_ON),
        "coral": _state(site, SecretUse.CORAL),
        "public_key": site.sign_on_public_key,
        "coral_url": f"{settings.PUBLIC_URL}/coral/{site.slug}",
    }
    return TemplateResponse(request, "desk/shared_secrets.html", context, status=status)


def _state(site: Site, use: SecretUse) -> dict[str, Any]:
    """Return what the page tells of a secret: whether there is one, of when, and a former one."""
    entries = AuditEntry.objects.filter(
        site=site, act=AuditAction.SECRET_SET, subject=site.pk, detail__secret=use.value
    )
    return {
        "use": use.value,
        "is_set": stored.is_set(site, use),
        "has_former": stored.has_former(site, use),
        "is_lost": stored.is_set(site, use) and not stored.valid(site, use),
        "last": entries.first(),
    }
