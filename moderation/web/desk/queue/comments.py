"""Comments: the list of all, and the page of one."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.text import Truncator

from comments.models import Comment
from moderation.rules.verdicts import Verdict
from moderation.web.desk.base.permissions import DetailAdmin, has_role_at
from moderation.web.desk.people.ban_form import SPANS
from moderation.web.desk.queue import actions
from moderation.web.desk.queue.comment_detail import comment_detail
from moderation.web.desk.queue.responses import return_url

# The keyboard shortcuts of verdicts, as keyboard_help.html lists them.
KEYS = {Verdict.APPROVE: "a", Verdict.REJECT: "r", Verdict.SPAM: "s"}


@admin.register(Comment)
class CommentAdmin(DetailAdmin):
    """Comments of every status. The text is the author's: there is no form to edit it."""

    may_change = False
    detail_template = "desk/comment.html"
    list_display = ("text", "author_name", "status", "site", "created_at")
    list_filter = ("status", ("site", admin.RelatedOnlyFieldListFilter), "created_at")
    search_fields = ("body", "author_name")
    search_help_text = "Words in the text or in the author's name"
    ordering = ("-id",)
    list_select_related = ("site",)

    @admin.display(description="comment")
    def text(self, comment: Comment) -> str:
        """Return the first words of a comment."""
        return format_html("<bdi>{}</bdi>", Truncator(comment.body).chars(90))

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs of the buttons."""
        return [*actions.urls(self.admin_site), *super().get_urls()]

    def detail(self, request: HttpRequest, row: Comment) -> dict[str, Any]:
        """Return a comment's details, and what its decision form needs."""
        back = request.GET.get("next", "")
        return {
            **comment_detail(row, category=request.GET.get("words", "")),
            "title": f"Comment by {row.author_name or 'Anonymous'}",
            "verdicts": [(v.value, v.capitalize(), KEYS.get(v, "")) for v in Verdict],
            "may_decide": has_role_at(request, row.site_id),
            "revealed": actions.revealed_email(request, row),
            "undoable": actions.undoable_decision(request),
            "back": return_url(request, back),
            "after": back or request.path,
            "spans": SPANS.items(),
        }
