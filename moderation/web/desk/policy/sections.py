"""Admin of the rules of sections and single pages."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models import Role
from comments.models.row_limits import require_room
from moderation.decisions import audit
from moderation.models import AuditAction, SectionRules
from moderation.models.section_rules import MOST
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import ScopedAdmin, user_of


@admin.register(SectionRules)
class SectionRulesAdmin(ScopedAdmin):
    """The rules that count on some pages above those of the site."""

    when_empty = _(
        "Every page follows the house rules. A tag, a path or a page can have rules of its own."
    )
    role = Role.OWNER
    may_add = may_delete = True
    fixed_fields = ("site",)
    list_display = ("__str__", "site", "preset", "members_only", "slow_seconds", "paused")
    list_filter = (("site", SiteListFilter),)
    list_select_related = ("site",)
    fieldsets: ClassVar = (
        (
            None,
            {
                "fields": ("site", "kind", "value"),
                "description": _(
                    "Where several count on a page, those of the page stand above "
                    "those of the longest path, and these above those of a tag."
                ),
            },
        ),
        (_("Who waits"), {"fields": ("preset", "hold_guests")}),
        (
            _("Who may write, and when"),
            {"fields": ("members_only", "slow_seconds", "paused", "pause_message")},
        ),
    )

    def save_model(self, request: HttpRequest, obj: SectionRules, form: Any, change: bool) -> None:
        """Save, and write to the audit log."""
        if not change:
            require_room(
                SectionRules.objects.filter(site=obj.site),
                most=MOST,
                what=_("sections with rules of their own"),
                remedy=_("remove one"),
            )
        super().save_model(request, obj, form, change)
        self._audit(request, obj, {"changed": form.changed_data})

    def delete_model(self, request: HttpRequest, obj: SectionRules) -> None:
        """Delete, and write to the audit log."""
        self._audit(request, obj, {"removed": True})
        super().delete_model(request, obj)

    def _audit(self, request: HttpRequest, obj: SectionRules, detail: dict[str, Any]) -> None:
        audit.record(
            AuditAction.SECTION_RULES_SET,
            site=obj.site,
            by=user_of(request),
            now=timezone.now(),
            detail={"section": str(obj), **detail},
        )
