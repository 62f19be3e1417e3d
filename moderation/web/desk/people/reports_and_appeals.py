"""Readers' reports, to look at, and authors' appeals, to answer with reasons."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from comments.models import Comment, Role
from moderation.decisions.appeal_effects import is_for_colleagues
from moderation.decisions.proposals import DecisionRefused
from moderation.models import Appeal, Report
from moderation.review.people import appeals
from moderation.web.desk.base.permissions import ScopedAdmin, sites_of, user_of
from moderation.web.desk.base.wording import ground_in_words

LONGEST = 5000
ANSWERS = {
    "uphold": (appeals.uphold, "Upheld: the comment stays refused, and its author is told why."),
    "overturn": (appeals.overturn, "Overturned: the comment is public, and its author is told."),
}


class AnsweredFilter(admin.SimpleListFilter):
    """Appeals by whether somebody has answered them."""

    title = "answered"
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("no", "Waiting"), ("UPHELD", "Upheld"), ("OVERTURNED", "Overturned")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the chosen ones."""
        if self.value() == "no":
            return queryset.filter(resolved_at=None)
        return queryset.filter(outcome=self.value()) if self.value() else queryset


@admin.register(Report)
class ReportAdmin(ScopedAdmin):
    """What readers complained of. A decision about the comment answers them."""

    site_path = "comment__site"
    may_change = False
    list_display = ("reason", "text", "about", "created_at")
    list_filter = ("reason", ("comment__site", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("comment",)
    fields = ("reason", "text", "about", "revision", "created_at")
    readonly_fields = ("about",)
    ordering = ("-id",)

    @admin.display(description="comment")
    def about(self, report: Report) -> str:
        """Return a link to the comment."""
        return _link(report.comment)


@admin.register(Appeal)
class AppealAdmin(ScopedAdmin):
    """What authors objected to, and how that ended."""

    site_path = "decision__comment__site"
    may_change = False
    list_display = ("text", "about", "submitted_at", "state", "resolved_by")
    list_filter = (AnsweredFilter, ("decision__comment__site", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("decision__comment", "resolved_by")
    ordering = ("-id",)

    @admin.display(description="comment")
    def about(self, appeal: Appeal) -> str:
        """Return a link to the comment that was decided about."""
        return _link(appeal.decision.comment)

    @admin.display(description="answer", ordering="outcome")
    def state(self, appeal: Appeal) -> str:
        """Return how it ended, or that it waits."""
        return appeal.get_outcome_display().capitalize() if appeal.outcome else "Waits"

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the two buttons."""
        view = self.admin_site.admin_view(require_POST(answer))
        return [
            path("<uuid:pk>/answer/", view, name="moderation_appeal_answer"),
            *super().get_urls(),
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the appeal beside what was decided, with room for the reasons of an answer."""
        appeal = self.get_object(request, unquote(object_id or ""))
        if appeal is None:
            raise Http404
        comment, user = appeal.decision.comment, user_of(request)
        context = {
            **self.admin_site.each_context(request),
            "title": "Appeal",
            "appeal": appeal,
            "comment": comment,
            "grounds": [
                (ground["verdict"].capitalize(), ground_in_words(ground))
                for ground in appeal.decision.grounds
            ],
            "may_decide": sites_of(request, Role.MODERATOR).filter(pk=comment.site_id).exists(),
            "for_colleagues": is_for_colleagues(appeal, user),
            "typed": request.session.pop("reasoning", ""),
        }
        return TemplateResponse(request, "desk/appeal.html", context)


def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Uphold or overturn, with reasons for the author; what was typed survives a refusal."""
    mine = Appeal.objects.filter(decision__comment__site__in=sites_of(request, Role.MODERATOR))
    appeal = get_object_or_404(mine.select_related("decision"), pk=pk)
    if request.POST.get("answer") not in ANSWERS:
        raise Http404
    verb, told = ANSWERS[request.POST["answer"]]
    reasoning = request.POST.get("reasoning", "")[:LONGEST].strip()
    try:
        verb(appeal, moderator=user_of(request), reasoning=reasoning, now=timezone.now())
        messages.success(request, told)
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
        request.session["reasoning"] = reasoning
    return HttpResponseRedirect(reverse("admin:moderation_appeal_change", args=[pk]))


def _link(comment: Comment) -> str:
    page = reverse("admin:comments_comment_change", args=[comment.pk])
    return format_html('<a class="underline" href="{}"><bdi>{}</bdi></a>', page, comment)
