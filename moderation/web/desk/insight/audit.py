"""The audit log of a site, for its owners to read, filter and export."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from comments.models import Role, SiteKey, User
from moderation.models import AuditAction, AuditEntry
from moderation.models.audit import name_of
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import ScopedAdmin, sites_of, user_of
from moderation.web.shared import audit_export

# The pages of the subjects of acts, where they have one.
PAGES = {
    AuditAction.DECIDED: "admin:comments_comment_change",
    AuditAction.UNDID: "admin:comments_comment_change",
    AuditAction.ESCALATED: "admin:comments_comment_change",
    AuditAction.EDITED: "admin:comments_comment_change",
    AuditAction.REVEALED: "admin:comments_author_change",
    AuditAction.THREAD_CLOSED: "admin:comments_thread_change",
    AuditAction.THREAD_OPENED: "admin:comments_thread_change",
    AuditAction.THREADS_MERGED: "admin:comments_thread_change",
    AuditAction.THREAD_CHANGED: "admin:comments_thread_change",
    AuditAction.WEBHOOK_ADDED: "admin:moderation_webhook_change",
    AuditAction.WEBHOOK_CHANGED: "admin:moderation_webhook_change",
}
KINDS = {act: name.split("_")[1] for act, name in PAGES.items()}


class PersonFilter(admin.SimpleListFilter):
    """Filter entries by person or key, among those of the sites that the user owns."""

    title = "person or key"
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the members and the keys."""
        owned = sites_of(request, Role.OWNER)
        people = User.objects.filter(memberships__site__in=owned).distinct().order_by("email")
        keys = SiteKey.objects.filter(site__in=owned).order_by("name")
        names = [(name_of(key), name_of(key)) for key in keys]
        return [*((person.email, str(person)) for person in people), *names]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep the entries of the chosen person."""
        return queryset.filter(who=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditAdmin(ScopedAdmin):
    """Audit entries, the newest first. They can't be changed or deleted."""

    seen_by = Role.OWNER
    may_change = False
    list_display = ("at", "who", "did", "about", "details", "site")
    list_display_links = None
    list_filter = ("act", PersonFilter, "at", ("site", SiteListFilter))
    list_select_related = ("site",)
    search_fields = ("subject",)
    search_help_text = "The id of a comment, an author, a thread or a ban"
    ordering = ("-id",)
    list_before_template = "desk/audit_export.html"

    @admin.display(description="act", ordering="act")
    def did(self, entry: AuditEntry) -> str:
        """Return the act in words."""
        return entry.get_act_display().capitalize()

    @admin.display(description="to what")
    def about(self, entry: AuditEntry) -> str:
        """Return a link to the subject, or its id where it has no page."""
        name = PAGES.get(AuditAction(entry.act)) if entry.act in AuditAction.values else None
        try:
            page = reverse(name, args=[entry.subject]) if name else ""
        except NoReverseMatch:
            page = ""
        if not page:
            return entry.subject
        # The ends of ids of the same day differ; their beginnings are times.
        short = f"{KINDS[AuditAction(entry.act)]} …{entry.subject[-6:]}"
        return format_html('<a class="underline" href="{}">{}</a>', page, short)

    @admin.display
    def details(self, entry: AuditEntry) -> str:
        """Return the details as `name: value` pairs."""
        return "; ".join(f"{name}: {_in_words(value)}" for name, value in entry.detail.items())

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs of the exports."""
        view = self.admin_site.admin_view(self.export)
        return [
            path("export.<slug:kind>", view, name="moderation_audit_export"),
            *super().get_urls(),
        ]

    def export(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Return all entries that match the filters of the list, as CSV or JSON."""
        if kind not in audit_export.KINDS or not self.has_view_permission(request):
            raise Http404
        try:
            changelist: ChangeList = self.get_changelist_instance(request)
            entries = changelist.get_queryset(request).order_by("-id")
        except (IncorrectLookupParameters, ValidationError):
            raise BadRequest("These filters are none of the list's.") from None
        answer: HttpResponse = audit_export.export(
            entries, kind, by=user_of(request), now=timezone.now()
        )
        return answer


def _in_words(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
