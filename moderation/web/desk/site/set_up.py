"""The guided set-up of a site: name and address, snippet, first call, colleagues, house rules."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from comments.models import RefusedOrigin, Role, Site
from comments.models.site import DEMO, origin_of
from moderation.models import Policy, QueueMail
from moderation.review.sites import connection, create, origins, snippets
from moderation.web.desk.base.permissions import may_add_site, sites_of, user_of


class NewSiteForm(forms.Form):
    """What a site is called, and where its pages are."""

    name = forms.CharField(max_length=200)
    address = forms.CharField(max_length=300)
    slug = forms.SlugField(max_length=63, required=False)

    def clean_address(self) -> str:
        """Return the origin of an address as people paste it, with a path or without a scheme."""
        address = self.cleaned_data["address"].strip()
        url = address if "://" in address else f"https://{address}"
        try:
            parts = urlsplit(url)
            return origin_of(f"{parts.scheme}://{parts.netloc}")
        except ValueError:
            raise ValidationError(
                gettext("Enter an address such as https://example.com.")
            ) from None

    def clean(self) -> dict[str, Any]:
        """Make the short name of the site's own name, or else of its host."""
        data = super().clean() or {}
        if not data.get("slug") and "slug" not in self.errors:
            host = urlsplit(data.get("address", "")).hostname or ""
            wish = slugify(data.get("name", "")) or slugify(host.replace(".", "-"))
            data["slug"] = _free_slug(wish[:60] or "site")
        return data


@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Ask for name and address, make the site, and lead to its set-up."""
    if not may_add_site(request):
        raise PermissionDenied
    form = NewSiteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            site = create.create(
                slug=data["slug"],
                name=data["name"],
                origins=[data["address"]],
                by=user_of(request),
                now=timezone.now(),
            )
            return redirect("desk_set_up_site", site.slug)
        except create.InvalidSite as error:
            form.add_error("slug", str(error))
    context = {
        "title": gettext("A new site"),
        "form": form,
        "is_first": not sites_of(request).exclude(slug=DEMO).exists(),
    }
    return _page(request, "desk/set_up_new.html", context, status=400 if form.errors else 200)


@never_cache
def site(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is done and what comes next; a POST allows an origin that called (`allow`)."""
    own = _own_site(request, slug)
    if request.method == "POST":
        _allow(request, own)
        return redirect("desk_set_up_site", slug)
    context = {
        "title": gettext("Set up %(site)s") % {"site": own.name},
        "site": own,
        "snippets": snippets.of_site(own, service=settings.PUBLIC_URL),
        "connection": connection.of_site(own),
        "members": own.memberships.count(),
        "has_policy": Policy.objects.filter(site=own).exists(),
        "rules": _rules_url(own),
        "is_told": QueueMail.objects.filter(site=own, user=user_of(request)).exists(),
        "script": f"{settings.PUBLIC_URL}/embed.js",
    }
    return _page(request, "desk/set_up.html", context)


@never_cache
def state(request: HttpRequest, slug: str) -> JsonResponse:
    """Return how far the site is connected, for the page that waits for its first call."""
    found = connection.of_site(_own_site(request, slug))
    refused = [row.origin for row in found.refused]
    return JsonResponse({"state": found.state, "since": found.since, "refused": refused})


def _own_site(request: HttpRequest, slug: str) -> Site:
    own: Site | None = sites_of(request, Role.OWNER).filter(slug=slug).first()
    if own is None:
        raise Http404
    return own


def _rules_url(own: Site) -> str:
    """Return where the owner chooses the rules: the newest ones, or a form for the first."""
    newest = Policy.objects.filter(site=own).order_by("-revision").first()
    if newest:
        return reverse("admin:moderation_policy_change", args=[newest.pk])
    return f"{reverse('admin:moderation_policy_add')}?site={own.pk}"


def _allow(request: HttpRequest, own: Site) -> None:
    origin = request.POST.get("allow", "")
    refused = RefusedOrigin.objects.filter(site=own, origin=origin).first()
    if refused:
        origins.allow(refused, by=user_of(request), now=timezone.now())
        messages.success(
            request,
            gettext("Pages of %(origin)s may show and take comments now.") % {"origin": origin},
        )


def _free_slug(wish: str) -> str:
    taken = set(Site.objects.filter(slug__startswith=wish).values_list("slug", flat=True))
    numbered = (f"{wish}-{number}" for number in range(2, len(taken) + 3))
    return wish if wish not in taken else next(slug for slug in numbered if slug not in taken)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    frame = admin.site.each_context(request)
    return TemplateResponse(request, template, {**frame, **context}, status=status)
