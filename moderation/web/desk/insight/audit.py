"""The audit log of a site, for its owners to read, filter and export."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from comments.models import Role, SiteKey, User
from moderation.models import AuditEntry
from moderation.models.audit import name_of
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import ScopedAdmin, sites_of, user_of
from moderation.web.desk.insight import audit_words
from moderation.web.shared import audit_export


class PersonFilter(admin.SimpleListFilter):
    """Filter entries by person or key, among those of the sites that the user owns."""

    title = _("person or key")
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
    when_empty = _("Nobody has done anything yet. Who does what at the site is noted here.")
    list_filter = ("act", PersonFilter, "at", ("site", SiteListFilter))
    list_select_related = ("site",)
    search_fields = ("subject",)
    search_help_text = _("The id of a comment, an author, a thread or a ban")
    ordering = ("-id",)
    list_before_template = "desk/audit_export.html"

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Return the list, each entry with what its subject is called."""
        changelist: ChangeList = super().get_changelist_instance(request)
        names = audit_words.subject_names(changelist.result_list)
        for entry in changelist.result_list:
            entry.subject_name = names.get(entry.subject, "")
        return changelist

    @admin.display(description=_("act"), ordering="act")
    def did(self, entry: AuditEntry) -> str:
        """Return the act in words."""
        return capfirst(entry.get_act_display())

    @admin.display(description=_("to what"))
    def about(self, entry: AuditEntry) -> str:
        """Return a link to the subject."""
        return audit_words.subject_link(entry, getattr(entry, "subject_name", ""))

    @admin.display(description=_("details"))
    def details(self, entry: AuditEntry) -> str:
        """Return the details in words."""
        return audit_words.details(entry.detail)

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
