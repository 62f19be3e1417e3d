"""Comments: the list of all, and the page of one."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Status
from comments.threads import search
from moderation.review.queue import blind, refusal_reasons
from moderation.rules.verdicts import Verdict
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import DetailAdmin, has_role_at
from moderation.web.desk.base.requests import return_url
from moderation.web.desk.base.wording import verdict_in_words
from moderation.web.desk.people.ban_form import SPANS
from moderation.web.desk.queue import actions
from moderation.web.desk.queue.comment_detail import comment_detail
from moderation.web.desk.queue.responses import typed_before

# The keyboard shortcuts of verdicts, as keyboard_help.html lists them.
KEYS = {Verdict.APPROVE: "a", Verdict.REJECT: "r", Verdict.SPAM: "s"}


class StatusFilter(admin.SimpleListFilter):
    """Filters by the status that moderators see."""

    title, parameter_name = _("status"), "status__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the statuses."""
        return [(status.value, str(status.label)) for status in Status]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        """Return the comments that are shown as of the chosen status."""
        chosen = self.value()
        return queryset.filter(blind.shown_as(chosen)) if chosen else queryset


@admin.register(Comment)
class CommentAdmin(DetailAdmin):
    """Comments of every status. The text is the author's: there is no form to edit it."""

    may_change = False
    detail_template = "desk/comment.html"
    when_empty = _("Every comment that readers write comes here, whatever becomes of it.")
    list_display = ("text", "author_name", "shown_status", "site", "created_at")
    list_filter = (StatusFilter, ("site", SiteListFilter), "created_at")
    # Shows the field; what it finds is up to `get_search_results`.
    search_fields = ("body", "author_name")
    search_help_text = _("Words in the text or in the author's name")
    ordering = ("-id",)
    list_select_related = ("site",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Comment], search_term: str
    ) -> tuple[QuerySet[Comment], bool]:
        """Keep the comments with all of the words, by the index; and say that none comes twice."""
        found = search.matching(search_term) if search_term else Q()
        return queryset.filter(found), False

    @admin.display(description=_("comment"))
    def text(self, comment: Comment) -> str:
        """Return the first words of a comment."""
        return format_html("<bdi>{}</bdi>", Truncator(comment.body).chars(90))

    @admin.display(description=_("status"))
    def shown_status(self, comment: Comment) -> str:
        """Return the status; "held" while the comment is shown blind."""
        is_blind: bool = comment.is_blind  # type: ignore[attr-defined]
        return str(Status.HELD.label if is_blind else comment.get_status_display())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        """Return the comments, each with whether it is shown blind."""
        rows: QuerySet[Comment] = super().get_queryset(request)
        return rows.annotate(is_blind=Exists(blind.waiting().filter(comment=OuterRef("pk"))))

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs of the buttons."""
        return [*actions.urls(self.admin_site), *super().get_urls()]

    def detail(self, request: HttpRequest, row: Comment) -> dict[str, Any]:
        """Return a comment's details, and what its decision form needs."""
        back = request.GET.get("next", "")
        return {
            **comment_detail(row, category=request.GET.get("words", "")),
            "title": gettext("Comment by %(name)s")
            % {"name": row.author_name or gettext("Anonymous")},
            "reasons": refusal_reasons.offered([row.site_id])[row.site_id],
            "verdicts": [(v.value, verdict_in_words(v), KEYS.get(v, "")) for v in Verdict],
            "may_highlight": row.status == Status.APPROVED and has_role_at(request, row.site_id),
            "may_decide": has_role_at(request, row.site_id),
            "revealed": actions.revealed_email(request, row),
            "undoable": actions.undoable_decisions(request),
            "back": return_url(request, back),
            "after": back or request.path,
            "spans": SPANS.items(),
            "typed": typed_before(request, str(row.pk)),
        }
