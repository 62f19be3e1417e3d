"""The queue: what waits for a person, the most urgent first, with buttons that need one click."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from comments.http.paging import Pages
from comments.models import Role, Site
from moderation.admin.acts import last_act
from moderation.admin.scoping import ScopedAdmin, sites_of, user_of
from moderation.admin.wording import (
    CATEGORIES,
    finding_in_words,
    masked_email,
    score_in_words,
    waiting_time,
)
from moderation.models import Decision, Finding, Reviewable, Source, Why
from moderation.models.reviewable import ReviewableQuerySet
from moderation.queue import ORDERS, Wanted, select
from moderation.verdicts import RESPONSES

SHOWN_FROM = 0.2
ASKED = ("site", "why", "category", "q", "claimed")


class QueuePages(Pages):
    """Pages of the queue, by urgency."""

    ordering = ORDERS["priority"]


@admin.register(Reviewable)
class QueueAdmin(ScopedAdmin):
    """The queue, as a page of its own; its buttons decide, and Django's own form stays away."""

    may_change = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a page of the queue."""
        pages, sites = QueuePages(), list(sites_of(request))
        page = pages.for_people(_asked_for(request, sites), request)
        context = {
            **self.admin_site.each_context(request),
            "title": "Queue",
            "rows": _rows(page, request),
            "newer": pages.get_previous_link(),
            "older": pages.get_next_link(),
            "sites": sites,
            "whys": Why.choices,
            "categories": CATEGORIES.items(),
            "chosen": request.GET,
            "narrowed": any(request.GET.get(name) for name in (*ASKED, "cursor")),
            "undoable": last_act(request),
        }
        return TemplateResponse(request, "moderation/queue.html", context)


def _asked_for(request: HttpRequest, sites: Sequence[Site]) -> ReviewableQuerySet:
    """Return the part of the queue that the address of the page names, with what a row shows."""
    asked: dict[str, Any] = {name: request.GET.get(name, "").replace("\x00", "") for name in ASKED}
    now = timezone.now()
    queue = select(Wanted(**asked), sites=sites, user=user_of(request), now=now)
    screened = Decision.objects.filter(source=Source.AUTOMATION).prefetch_related("findings")
    return queue.with_comments().prefetch_related(
        "comment__parent", Prefetch("comment__decisions", screened, to_attr="screened")
    )


def _rows(page: Sequence[Reviewable], request: HttpRequest) -> list[dict[str, Any]]:
    """Return what the rows show. After a click, a row leads back to the one below it."""
    moderated = set(sites_of(request, Role.MODERATOR).values_list("pk", flat=True))
    here = request.get_full_path()
    return [
        {
            **_row(reviewable),
            "may_decide": reviewable.site_id in moderated,
            "back": f"{here}#c-{below.comment_id}" if below else here,
        }
        for reviewable, below in zip_longest(page, page[1:])
    ]


def _row(reviewable: Reviewable) -> dict[str, Any]:
    comment, now = reviewable.comment, timezone.now()
    findings = _findings(reviewable)
    claimed = reviewable.claimed_until and reviewable.claimed_until > now
    return {
        "reviewable": reviewable,
        "comment": comment,
        "email": masked_email(comment.author),
        "waiting": waiting_time(reviewable.opened_at, now),
        "scores": [score_in_words(finding) for finding in _telling(findings)],
        "findings": [finding_in_words(f) for f in findings if f.reason in RESPONSES],
        "holder": reviewable.claimed_by if claimed else None,
    }


def _findings(reviewable: Reviewable) -> list[Finding]:
    """Return what the last screening of the present text found, whoever decided since."""
    comment = reviewable.comment
    screened: list[Decision] = comment.screened  # type: ignore[attr-defined]
    decision = next((d for d in screened if d.revision == comment.revision), None)
    return list(decision.findings.all()) if decision else []


def _telling(findings: list[Finding]) -> list[Finding]:
    scored = [f for f in findings if f.score is not None and f.score >= SHOWN_FROM]
    return sorted(scored, key=lambda f: -(f.score or 0))[:3]
