"""Admin of readers' reports, read-only, and of authors' appeals, with a form to answer."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from comments.models import Comment, Role
from moderation.decisions.appeal_effects import is_for_colleagues
from moderation.decisions.proposals import DecisionRefused
from moderation.models import Appeal, Report
from moderation.review.people import appeals, reports
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import (
    DetailAdmin,
    ScopedAdmin,
    has_role_at,
    sites_of,
    user_of,
)
from moderation.web.desk.base.wording import ground_in_words, verdict_in_words

LONGEST = 5000
ANSWERS = {
    "uphold": (appeals.uphold, _("Upheld: the comment stays refused, and its author is told why.")),
    "overturn": (appeals.overturn, _("Overturned: the comment is public, and its author is told.")),
}


class AnsweredFilter(admin.SimpleListFilter):
    """Filter appeals by outcome."""

    title = _("answered")
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [
            ("no", gettext("Waiting")),
            ("UPHELD", gettext("Upheld")),
            ("OVERTURNED", gettext("Overturned")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the appeals with the chosen outcome."""
        if self.value() == "no":
            return queryset.filter(resolved_at=None)
        return queryset.filter(outcome=self.value()) if self.value() else queryset


@admin.register(Report)
class ReportAdmin(ScopedAdmin):
    """Reports of readers. A decision about the comment answers them."""

    site_path = "comment__site"
    when_empty = _("No reader has reported a comment. What they report comes into the queue, too.")
    may_change = False
    list_display = ("reason", "text", "about", "created_at")
    list_filter = ("reason", ("comment__site", SiteListFilter))
    list_select_related = ("comment",)
    fields = ("reason", "text", "about", "revision", "created_at", "record")
    readonly_fields = ("about", "record")
    ordering = ("-id",)

    @admin.display(description=_("comment"))
    def about(self, report: Report) -> str:
        """Return a link to the comment."""
        return _link(report.comment)

    @admin.display(description=_("the reader’s record"))
    def record(self, report: Report) -> str:
        """Return how many of the reader's reports moderators upheld."""
        (known,) = reports.add_records([report], now=timezone.now())
        return str(known.record)  # type: ignore[attr-defined]


@admin.register(Appeal)
class AppealAdmin(DetailAdmin):
    """Appeals of authors, and how they ended."""

    detail_template = "desk/appeal.html"
    when_empty = _("No author has appealed. They may, once, against each refusal.")
    site_path = "decision__comment__site"
    may_change = False
    list_display = ("text", "about", "submitted_at", "state", "resolved_by")
    list_filter = (AnsweredFilter, ("decision__comment__site", SiteListFilter))
    list_select_related = ("decision__comment", "resolved_by")
    ordering = ("-id",)

    @admin.display(description=_("comment"))
    def about(self, appeal: Appeal) -> str:
        """Return a link to the comment that was decided about."""
        return _link(appeal.decision.comment)

    @admin.display(description=_("answer"), ordering="outcome")
    def state(self, appeal: Appeal) -> str:
        """Return the outcome, or that the appeal waits."""
        return capfirst(appeal.get_outcome_display()) if appeal.outcome else gettext("Waits")

    def get_urls(self) -> list[URLPattern]:
        """Add the URL of the answer."""
        view = self.admin_site.admin_view(require_POST(answer))
        return [
            path("<uuid:pk>/answer/", view, name="moderation_appeal_answer"),
            *super().get_urls(),
        ]

    def detail(self, request: HttpRequest, row: Appeal) -> dict[str, Any]:
        """Return the appeal, the decision that it is about, and what was typed as an answer."""
        comment = row.decision.comment
        return {
            "title": gettext("Appeal by %(name)s")
            % {"name": comment.author_name or gettext("Anonymous")},
            "appeal": row,
            "comment": comment,
            "grounds": [
                (verdict_in_words(ground["verdict"]), ground_in_words(ground))
                for ground in row.decision.grounds
            ],
            "may_decide": has_role_at(request, comment.site_id),
            "for_colleagues": is_for_colleagues(row, user_of(request)),
            "typed": request.session.pop("reasoning", ""),
        }


def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Uphold or overturn an appeal; the typed reasons are kept in the session on a refusal."""
    mine = Appeal.objects.filter(decision__comment__site__in=sites_of(request, Role.MODERATOR))
    appeal = get_object_or_404(mine.select_related("decision"), pk=pk)
    if request.POST.get("answer") not in ANSWERS:
        raise Http404
    resolve, message = ANSWERS[request.POST["answer"]]
    reasoning = request.POST.get("reasoning", "")[:LONGEST].strip()
    try:
        resolve(appeal, moderator=user_of(request), reasoning=reasoning, now=timezone.now())
        messages.success(request, message)
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
        request.session["reasoning"] = reasoning
    return HttpResponseRedirect(reverse("admin:moderation_appeal_change", args=[pk]))


def _link(comment: Comment) -> str:
    page = reverse("admin:comments_comment_change", args=[comment.pk])
    return format_html('<a class="underline" href="{}"><bdi>{}</bdi></a>', page, comment)
