"""The start page, and the demo article."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comments.models import Role, Site, User
from comments.models.site import DEMO
from moderation.models import Reviewable
from moderation.review.sites import connection, create

MOST_SITES = 20


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Render the start page: what is connected, for who is signed in, and the way in for others."""
    sites = Site.objects.exclude(slug=DEMO)
    context: dict[str, object] = {
        "has_demo": Site.objects.filter(slug=DEMO).exists(),
        "has_sites": sites.exists(),
        "may_try": Site.objects.filter(public_playground=True).exists(),
    }
    if isinstance(request.user, User) and request.user.is_staff:
        context |= _own(request.user)
    return render(request, "pages/home.html", context)


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Render an article with its “Leave a Reply” section; 404 without the demo site."""
    site = get_object_or_404(Site, slug=DEMO)
    return render(request, "pages/demo.html", {"site": site})


def _own(user: User) -> dict[str, object]:
    """Return what somebody reads about the sites that they look after."""
    owned = set(Site.objects.of(user, [Role.OWNER]).values_list("pk", flat=True))
    sites = Site.objects.of(user).exclude(slug=DEMO)[:MOST_SITES]
    return {
        "is_signed_in": True,
        "may_try": True,
        "may_add": create.may_create(user),
        "own": [
            {
                "site": site,
                "connection": connection.of_site(site),
                "waits": Reviewable.objects.open().filter(site=site).exists(),
                "is_owner": site.pk in owned,
            }
            for site in sites
        ],
    }
