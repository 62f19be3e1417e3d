"""The page that shows an owner which threads are one page, and merges them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from comments.models import Site, Thread
from comments.threads import same_pages
from moderation.review.sites.same_pages import merge_by_settings, merge_into_oldest
from moderation.web.desk.base.permissions import user_of


def page(request: HttpRequest, site: Site, *, context: dict[str, object]) -> HttpResponse:
    """Show the threads that are or may be one page; a POST merges them.

    `all` merges those that are one page by the site's settings, `thread` (repeated) those that a
    person chose.
    """
    if request.method == "POST":
        text = gettext("Threads merged into others: %(number)s.")
        messages.success(request, text % {"number": _merge(request, site)})
        return HttpResponseRedirect(request.path)
    context = {
        **context,
        "title": gettext("Same pages"),
        "site": site,
        "mergers": same_pages.regroup(site, dry_run=True),
        "twins": same_pages.likely_twins(site),
        "settings": reverse("admin:comments_site_change", args=[site.pk]),
    }
    return TemplateResponse(request, "desk/same_pages.html", context)


def _merge(request: HttpRequest, site: Site) -> int:
    by, now = user_of(request), timezone.now()
    if "all" in request.POST:
        return merge_by_settings(site, by=by, now=now)
    chosen = [UUID(pk) for pk in request.POST.getlist("thread") if _is_id(pk)]
    threads = list(Thread.objects.filter(site=site, pk__in=chosen))
    return merge_into_oldest(site, threads, by=by, now=now) if len(threads) > 1 else 0


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
