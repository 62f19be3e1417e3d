"""The queue: what waits for a person, the most urgent first, with buttons that need one click."""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET, require_POST
from rest_framework.renderers import JSONRenderer

from comments.http.pagination import CursorPaginator
from comments.models import Role
from comments.text import language
from moderation.models import Reviewable, SavedView
from moderation.review import actions, queue
from moderation.web.desk.base.permissions import ScopedAdmin, sites_of, user_of
from moderation.web.desk.queue import filters
from moderation.web.desk.queue.actions import last_act, way_back
from moderation.web.desk.queue.cards import cards, with_all

# How many a moderator takes at once, and for how long.
BATCH, LEASE = 10, timedelta(minutes=15)
# Beyond this number it is only told that there are more.
MOST_COUNTED = 1000


@admin.register(Reviewable)
class QueueAdmin(ScopedAdmin):
    """The queue, as a page of its own; its buttons decide, and Django's own form stays away."""

    may_change = False

    def get_urls(self) -> list[URLPattern]:
        """Add what the page asks for and what its buttons do."""
        view = self.admin_site.admin_view
        own = [
            path("counts/", view(require_GET(counts)), name="moderation_queue_counts"),
            path("claim/", view(require_POST(claim)), name="moderation_claim"),
            path("release/", view(require_POST(release)), name="moderation_release"),
            path("views/", view(require_POST(save_view)), name="moderation_save_view"),
            path(
                "views/<uuid:pk>/forget/",
                view(require_POST(forget_view)),
                name="moderation_forget_view",
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a page of the queue."""
        sites, user = list(sites_of(request)), user_of(request)
        part, order = filters.wanted(request.GET), filters.order(request.GET)
        waiting = queue.select(part, sites=sites, user=user, now=timezone.now())
        pages = CursorPaginator()
        pages.ordering = queue.ORDERS[order]
        page = pages.page_for_html(with_all(waiting), request)
        context = {
            **self.admin_site.each_context(request),
            **filters.choices(part, sites=sites),
            "title": "Queue",
            "cards": cards(page, request, here=request.get_full_path()),
            "newer": pages.get_previous_link(),
            "older": pages.get_next_link(),
            "chosen": request.GET,
            "order": order,
            "asked": filters.address(request),
            "chips": filters.chips(part, sites=sites),
            "narrowed": bool(part.to_json() or request.GET.get("cursor")),
            "views": [(view, filters.query(view.filters)) for view in _views(request)],
            "moderates": sites_of(request, Role.MODERATOR).exists(),
            "undoable": last_act(request),
            "batch": BATCH,
        }
        return TemplateResponse(request, "desk/queue.html", context)


def counts(request: HttpRequest) -> HttpResponse:
    """Return how much waits, in all and of the part that is shown; 304 when that is known."""
    now, user, sites = timezone.now(), user_of(request), list(sites_of(request))
    waiting = queue.select(filters.wanted(request.GET), sites=sites, user=user, now=now)
    newest = waiting.order_by("-id").values_list("pk", flat=True).first()
    numbers = queue.counts(sites, user=user, now=now)
    told = {
        **numbers,
        "matching": waiting.order_by("id")[: MOST_COUNTED + 1].count(),
        "newest": newest,
        "language_names": {code: language.english_name(code) for code in numbers["languages"]},
    }
    body = JSONRenderer().render(told)
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    known = request.headers.get("If-None-Match") == tag
    answer = HttpResponseNotModified() if known else HttpResponse(body, "application/json")
    answer.headers["ETag"] = tag
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def claim(request: HttpRequest) -> HttpResponse:
    """Take the most urgent of the part of the queue that is shown, and show what one holds."""
    part = filters.wanted(request.POST)
    taken = actions.claim(
        part, moderator=user_of(request), limit=BATCH, lease=LEASE, now=timezone.now()
    )
    here = reverse("admin:moderation_reviewable_changelist")
    if not taken:
        messages.warning(request, "Nothing here is free: colleagues hold it, or it is done.")
        return HttpResponseRedirect(way_back(request, request.POST.get("next", "")))
    minutes = int(LEASE.total_seconds() // 60)
    messages.success(request, f"Yours for {minutes} minutes: {len(taken)}. Nobody else gets them.")
    return HttpResponseRedirect(f"{here}?claimed=me")


def release(request: HttpRequest) -> HttpResponse:
    """Give back one comment, or all that one holds."""
    one = request.POST.get("comment", "")
    try:
        comments = [UUID(one)] if one else None
    except ValueError:
        comments = []
    released = actions.release(comments, moderator=user_of(request))
    messages.success(request, f"Given back to the queue: {released}.")
    return HttpResponseRedirect(way_back(request, request.POST.get("next", "")))


def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the part of the queue that is shown under a name; one that is there is replaced."""
    name = request.POST.get("name", "").strip()[:60]
    part = filters.wanted(request.POST).to_json()
    here = reverse("admin:moderation_reviewable_changelist")
    if not name or not part:
        messages.warning(request, "Narrow the queue first, then give the view a name.")
    else:
        SavedView.objects.update_or_create(
            user=user_of(request), name=name, defaults={"filters": part}
        )
        messages.success(request, f"Saved: {name}.")
    return HttpResponseRedirect(f"{here}?{filters.query(part)}")


def forget_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget one of the user's own views."""
    SavedView.objects.filter(user=user_of(request), pk=pk).delete()
    return HttpResponseRedirect(way_back(request, request.POST.get("next", "")))


def _views(request: HttpRequest) -> list[SavedView]:
    return list(SavedView.objects.filter(user=user_of(request)))
