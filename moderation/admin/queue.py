"""The queue: what waits for a person, the most urgent first, with buttons that need one click."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from comments.http.paging import Pages
from comments.models import Role, Site
from moderation.admin.scoping import ScopedAdmin, sites_of
from moderation.admin.wording import finding_in_words, masked_email, score_in_words
from moderation.models import Decision, Finding, Reviewable, Why
from moderation.verdicts import RESPONSES, Category

SHOWN_FROM = 0.2


class QueuePages(Pages):
    """Pages of the queue, by urgency."""

    ordering = ("-priority", "id")


@admin.register(Reviewable)
class QueueAdmin(ScopedAdmin):
    """The queue, as a page of its own."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep Django's own form away: the buttons decide."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a page of the queue."""
        pages = QueuePages()
        page = pages.for_people(self._queue(request), request)
        context = {
            **self.admin_site.each_context(request),
            "title": "Queue",
            "rows": [_row(reviewable) for reviewable in page],
            "newer": pages.get_previous_link(),
            "older": pages.get_next_link(),
            "sites": sites_of(request),
            "whys": Why.choices,
            "categories": [(c.value, c.replace("_", " ").capitalize()) for c in Category],
            "chosen": request.GET,
            "undoable": _undoable(request),
            "may_decide": sites_of(request, Role.MODERATOR).exists(),
        }
        return TemplateResponse(request, "moderation/queue.html", context)

    def _queue(self, request: HttpRequest) -> QuerySet[Reviewable]:
        queue = Reviewable.objects.open().filter(site__in=sites_of(request))
        for field in ("site__slug", "why", "category"):
            if value := request.GET.get(field, "").replace("\x00", ""):
                queue = queue.filter(**{field: value})
        if text := request.GET.get("q", "").replace("\x00", ""):
            queue = queue.filter(comment__body__icontains=text)
        if request.GET.get("claimed") == "me":
            queue = queue.filter(claimed_by=request.user.pk, claimed_until__gt=timezone.now())
        standing = Decision.objects.standing().prefetch_related("findings")
        return queue.select_related("site", "comment__thread", "comment__author").prefetch_related(
            Prefetch("comment__decisions", standing, to_attr="standing")
        )


def _row(reviewable: Reviewable) -> dict[str, Any]:
    comment = reviewable.comment
    standing: list[Decision] = comment.standing  # type: ignore[attr-defined]
    findings = [f for d in standing if d.revision == comment.revision for f in d.findings.all()]
    return {
        "reviewable": reviewable,
        "comment": comment,
        "email": masked_email(comment.author),
        "scores": [score_in_words(f) for f in _telling(findings)],
        "findings": [finding_in_words(f) for f in findings if f.reason in RESPONSES],
    }


def _telling(findings: list[Finding]) -> list[Finding]:
    scored = [f for f in findings if f.score is not None and f.score >= SHOWN_FROM]
    return sorted(scored, key=lambda f: -(f.score or 0))[:3]


def _undoable(request: HttpRequest) -> Decision | None:
    """Return the decision that the last click made, while it stands."""
    pk = request.session.pop("undoable", None)
    sites: QuerySet[Site] = sites_of(request, Role.MODERATOR)
    decisions = Decision.objects.standing().filter(comment__site__in=sites)
    return decisions.select_related("comment").filter(pk=pk).first() if pk else None
