"""The page of the review queue: cards, filters, counts, claims and saved views."""

import json
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
)
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST
from rest_framework.renderers import JSONRenderer

from comments.http.pagination import CursorPaginator
from comments.models import Role
from comments.models.site import DEMO
from comments.text import language
from moderation.models import Reviewable, SavedView
from moderation.models.reviewable import ReviewableQuerySet
from moderation.review.queue import actions, campaigns, queue, refusal_reasons, saved_views
from moderation.review.queue.campaigns import WaitingAlike
from moderation.review.queue.queue import QueueFilters
from moderation.web.desk.base.permissions import (
    ScopedAdmin,
    has_role_anywhere,
    may_add_site,
    sites_of,
    user_of,
)
from moderation.web.desk.base.requests import return_url
from moderation.web.desk.queue import filters, picks
from moderation.web.desk.queue.actions import undoable_decisions, undoable_job
from moderation.web.desk.queue.cards import cards, with_card_data

# How many comments a moderator claims at once, and for how long.
CLAIM_SIZE, LEASE = 10, timedelta(minutes=15)
# Counting stops here: the page shows "more than".
MAX_COUNT = 1000
# How many of what colleagues have claimed are shown below a page.
MOST_CLAIMED = 20


@admin.register(Reviewable)
class QueueAdmin(ScopedAdmin):
    """The queue, as the change list of reviewables; there is no change form."""

    may_change = False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Lead to the comment, whose page says all about it."""
        if request.method == "POST":
            raise PermissionDenied
        entry = self.get_object(request, unquote(object_id or ""))
        if entry is None:
            raise Http404
        return redirect("admin:comments_comment_change", entry.comment_id)

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs of the counts, claims and saved views."""
        view = self.admin_site.admin_view
        own = [
            path("counts/", view(require_GET(counts)), name="moderation_queue_counts"),
            path("claim/", view(require_POST(claim)), name="moderation_claim"),
            path("release/", view(require_POST(release)), name="moderation_release"),
            path("picks/", view(require_POST(picks.decide)), name="moderation_decide_picks"),
            path("picks/undo/", view(require_POST(picks.undo)), name="moderation_undo_picks"),
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
        sites, user, now = list(sites_of(request)), user_of(request), timezone.now()
        queue_filters, order = filters.parse(request.GET), filters.parse_order(request.GET)
        entries = queue.select(queue_filters, sites=sites, user=user, now=now)
        mine, others = entries, entries.none()
        if not queue_filters.claimed:
            mine, others = entries.not_of_others(user, now), entries.of_others(user, now)
        pages = CursorPaginator()
        pages.ordering = queue.ORDERS[order]
        entries = mine if queue_filters.campaign else mine.without_repetitions()
        page = pages.page_for_html(with_card_data(entries), request)
        alike: Mapping[UUID, WaitingAlike] = {}
        if not queue_filters.campaign:
            page, alike = campaigns.as_one(page, mine, user=user, now=now)
        claimed = with_card_data(others).order_by(*pages.ordering)[:MOST_CLAIMED]
        context = {
            **self.admin_site.each_context(request),
            **filters.choices(queue_filters, sites=sites),
            **_counted(queue_filters, entries, queue.counts(sites, user=user, now=now)),
            "title": gettext("Queue"),
            "cards": cards(page, request, here=request.get_full_path(), alike=alike),
            "common_reasons": refusal_reasons.common({row.site_id for row in page}),
            "claimed": cards(list(claimed), request, here=request.get_full_path()),
            "newer": pages.get_previous_link(),
            "older": pages.get_next_link(),
            "chosen": request.GET,
            # In a template `chosen.items` would be the parameter of that name.
            "chosen_pairs": list(request.GET.items()),
            "order": order,
            "query_string": filters.without_cursor(request),
            "chips": filters.chips(queue_filters, sites=sites),
            "narrowed": bool(queue_filters.to_json() or request.GET.get("cursor")),
            "views": [(view, filters.to_query_string(view.filters)) for view in _views(request)],
            "moderates": has_role_anywhere(request, Role.MODERATOR),
            "undoable": undoable_decisions(request),
            "undoable_job": undoable_job(request),
            "batch": CLAIM_SIZE,
            "flooded": [site for site in sites if site.in_flood],
            "may_connect": may_add_site(request) and all(site.slug == DEMO for site in sites),
        }
        return TemplateResponse(request, "desk/queue.html", context)


def counts(request: HttpRequest) -> HttpResponse:
    """Return the numbers of queued comments as JSON, in all and matching; 304 when unchanged."""
    now, user, sites = timezone.now(), user_of(request), list(sites_of(request))
    entries = queue.select(filters.parse(request.GET), sites=sites, user=user, now=now)
    body = _as_json(_numbers(entries, queue.counts(sites, user=user, now=now)))
    tag = _tag(body)
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
        messages.warning(
            request, gettext("Nothing here is free: colleagues hold it, or it is done.")
        )
        return HttpResponseRedirect(return_url(request, request.POST.get("next", "")))
    minutes = int(LEASE.total_seconds() // 60)
    messages.success(
        request,
        gettext("Yours for %(minutes)s minutes: %(number)s. Nobody else gets them.")
        % {"minutes": minutes, "number": len(claimed)},
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
    messages.success(
        request, gettext("Given back to the queue: %(number)s.") % {"number": released}
    )
    return HttpResponseRedirect(return_url(request, request.POST.get("next", "")))


def save_view(request: HttpRequest) -> HttpResponse:
    """Save the filters under a name; an existing view of that name is replaced."""
    name = request.POST.get("name", "").strip()[:60]
    chosen = filters.parse(request.POST)
    stored = chosen.to_json()
    here = reverse("admin:moderation_reviewable_changelist")
    if not name or not stored:
        messages.warning(request, gettext("Narrow the queue first, then give the view a name."))
    else:
        saved_views.save(user_of(request), name=name, filters=stored)
        messages.success(request, gettext("Saved: %(name)s.") % {"name": name})
    return HttpResponseRedirect(f"{here}?{filters.to_query_string(stored)}")


def delete_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete one of the user's own views."""
    SavedView.objects.filter(user=user_of(request), pk=pk).delete()
    return HttpResponseRedirect(return_url(request, request.POST.get("next", "")))


def _counted(
    queue_filters: QueueFilters, entries: ReviewableQuerySet, counted: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the numbers that the page shows, and hands to its script for the next poll."""
    numbers = _numbers(entries, counted)
    body, matching = _as_json(numbers), numbers["matching"]
    return {
        "tabs": filters.tabs(queue_filters, numbers=numbers),
        "matching": gettext("more than %(number)s") % {"number": intcomma(MAX_COUNT)}
        if matching > MAX_COUNT
        else str(matching),
        "counted": {"tag": _tag(body), "numbers": json.loads(body)},
    }


def _numbers(entries: ReviewableQuerySet, counted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the counts of `queue.counts`, with how many of the queue match and the newest."""
    return {
        **counted,
        "matching": entries.order_by("id")[: MAX_COUNT + 1].count(),
        "newest": entries.order_by("-id").values_list("pk", flat=True).first(),
        "language_names": {code: language.english_name(code) for code in counted["languages"]},
    }


def _as_json(numbers: Mapping[str, Any]) -> bytes:
    rendered: bytes = JSONRenderer().render(numbers)
    return rendered


def _tag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:32]}"'


def _views(request: HttpRequest) -> list[SavedView]:
    return list(SavedView.objects.filter(user=user_of(request)))
