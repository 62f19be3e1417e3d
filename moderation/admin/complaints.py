"""Readers' reports and authors' appeals, to look at. A decision about the comment answers them."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from comments.models import Comment
from moderation.admin.scoping import ScopedAdmin
from moderation.models import Appeal, Report


@admin.register(Report)
class ReportAdmin(ScopedAdmin):
    """What readers complained of."""

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
    list_display = ("text", "about", "submitted_at", "outcome", "resolved_by")
    list_filter = ("outcome", ("decision__comment__site", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("decision__comment", "resolved_by")
    fields = ("text", "about", "submitted_at", "outcome", "resolved_at", "resolved_by")
    readonly_fields = ("about",)
    ordering = ("-id",)

    @admin.display(description="comment")
    def about(self, appeal: Appeal) -> str:
        """Return a link to the comment that was decided about."""
        return _link(appeal.decision.comment)


def _link(comment: Comment) -> str:
    page = reverse("admin:comments_comment_change", args=[comment.pk])
    return format_html('<a class="underline" href="{}"><bdi>{}</bdi></a>', page, comment)
