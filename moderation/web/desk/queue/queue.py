"""The page of the review queue: cards, filters, counts, claims and saved views."""

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
from moderation.review.queue import actions, queue
from moderation.web.desk.base.permissions import ScopedAdmin, sites_of, user_of
from moderation.web.desk.queue import filters
from moderation.web.desk.queue.actions import undoable_decision
from moderation.web.desk.queue.cards import cards, with_card_data
from moderation.web.desk.queue.responses import return_url

# How many comments a moderator claims at once, and for how long.
CLAIM_SIZE, LEASE = 10, timedelta(minutes=15)
# Counting stops here: the page shows "more than".
MAX_COUNT = 1000


@admin.register(Reviewable)
class QueueAdmin(ScopedAdmin):
    """The queue, as the change list of reviewables; there is no change form."""

    may_change = False

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs of the counts, claims and saved views."""
        view = self.admin_site.admin_view
        own = [
            path("counts/", view(require_GET(counts)), name="moderation_queue_counts"),
            path("claim/", view(require_POST(claim)), name="moderation_claim"),
            path("release/", view(require_POST(release)), name="moderation_release"),
            path("views/", view(require_POST(save_view)), name="moderation_save_view"),
            path(
                "views/<uuid:pk>/forget/",
                view(require_POST(delete_view)),
                name="moderation_forget_view",
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a page of the queue."""
        sites, user = list(sites_of(request)), user_of(request)
        queue_filters, order = filters.parse(request.GET), filters.parse_order(request.GET)
        entries = queue.select(queue_filters, sites=sites, user=user, now=timezone.now())
        pages = CursorPaginator()
        pages.ordering = queue.ORDERS[order]
        page = pages.page_for_html(with_card_data(entries), request)
        context = {
            **self.admin_site.each_context(request),
            **filters.choices(queue_filters, sites=sites),
            "title": "Queue",
            "cards": cards(page, request, here=request.get_full_path()),
            "newer": pages.get_previous_link(),
            "older": pages.get_next_link(),
            "chosen": request.GET,
            "order": order,
            "query_string": filters.without_cursor(request),
            "chips": filters.chips(queue_filters, sites=sites),
            "narrowed": bool(queue_filters.to_json() or request.GET.get("cursor")),
            "views": [(view, filters.to_query_string(view.filters)) for view in _views(request)],
            "moderates": sites_of(request, Role.MODERATOR).exists(),
            "undoable": undoable_decision(request),
            "batch": CLAIM_SIZE,
        }
        return TemplateResponse(request, "desk/queue.html", context)


def counts(request: HttpRequest) -> HttpResponse:
    """Return the numbers of queued comments as JSON, in all and matching; 304 when unchanged."""
    now, user, sites = timezone.now(), user_of(request), list(sites_of(request))
    entries = queue.select(filters.parse(request.GET), sites=sites, user=user, now=now)
    newest = entries.order_by("-id").values_list("pk", flat=True).first()
    numbers = queue.counts(sites, user=user, now=now)
    payload = {
        **numbers,
        "matching": entries.order_by("id")[: MAX_COUNT + 1].count(),
        "newest": newest,
        "language_names": {code: language.english_name(code) for code in numbers["languages"]},
    }
    body = JSONRenderer().render(payload)
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    unchanged = request.headers.get("If-None-Match") == tag
    response = HttpResponseNotModified() if unchanged else HttpResponse(body, "application/json")
    response.headers["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    return response


def claim(request: HttpRequest) -> HttpResponse:
    """Claim the most urgent comments that match the filters, and show the user's claims."""
    queue_filters = filters.parse(request.POST)
    claimed = actions.claim(
        queue_filters, moderator=user_of(request), limit=CLAIM_SIZE, lease=LEASE, now=timezone.now()
    )
    here = reverse("admin:moderation_reviewable_changelist")
    if not claimed:
        messages.warning(request, "Nothing here is free: colleagues hold it, or it is done.")
        return HttpResponseRedirect(return_url(request, request.POST.get("next", "")))
    minutes = int(LEASE.total_seconds() // 60)
    messages.success(
        request, f"Yours for {minutes} minutes: {len(claimed)}. Nobody else gets them."
    )
    return HttpResponseRedirect(f"{here}?claimed=me")


def release(request: HttpRequest) -> HttpResponse:
    """Release the user's claim on one comment, or on all."""
    comment = request.POST.get("comment", "")
    try:
        comments = [UUID(comment)] if comment else None
    except ValueError:
        comments = []
    released = actions.release(comments, moderator=user_of(request))
    messages.success(request, f"Given back to the queue: {released}.")
    return HttpResponseRedirect(return_url(request, request.POST.get("next", "")))


def save_view(request: HttpRequest) -> HttpResponse:
    """Save the filters under a name; an existing view of that name is replaced."""
    name = request.POST.get("name", "").strip()[:60]
    stored = filters.parse(request.POST).to_json()
    here = reverse("admin:moderation_reviewable_changelist")
    if not name or not stored:
        messages.warning(request, "Narrow the queue first, then give the view a name.")
    else:
        SavedView.objects.update_or_create(
            user=user_of(request), name=name, defaults={"filters": stored}
        )
        messages.success(request, f"Saved: {name}.")
    return HttpResponseRedirect(f"{here}?{filters.to_query_string(stored)}")


def delete_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete one of the user's own views."""
    SavedView.objects.filter(user=user_of(request), pk=pk).delete()
    return HttpResponseRedirect(return_url(request, request.POST.get("next", "")))


def _views(request: HttpRequest) -> list[SavedView]:
    return list(SavedView.objects.filter(user=user_of(request)))
