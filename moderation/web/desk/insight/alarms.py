"""Admin of queue alerts: when and how the people of a site are notified of a long or old queue."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from comments.models import Role, Site
from moderation.decisions import audit
from moderation.insight import alarm_address
from moderation.models import Alarm, AuditAction
from moderation.web.desk.base.failures import FailureColumn
from moderation.web.desk.base.permissions import OncePerSiteAdmin, user_of


class AlarmForm(forms.ModelForm):  # type: ignore[type-arg]
    """The thresholds and channels of one site."""

    digest_hour = forms.TypedChoiceField(
        label=_("What waits, each day at"),
        choices=lambda: [("", gettext("Not each day")), *hours_of_the_viewer(timezone.now())],
        coerce=int,
        empty_value=None,
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=_("In your time zone, as its clocks go today. No mail comes when nothing waits."),
    )

    class Meta:
        model = Alarm
        fields = ("site", *Alarm.SETTINGS)

    def clean(self) -> dict[str, Any]:
        """Refuse an address to which nothing can be sent in the chosen format."""
        data = super().clean() or {}
        if url := data.get("url"):
            try:
                alarm_address.check(url, data.get("shape", ""))
            except alarm_address.AddressRefused as error:
                self.add_error("url", str(error))
        return data


def hours_of_the_viewer(now: datetime) -> list[tuple[int, str]]:
    """Return each full hour of UTC, which is what is stored, as the viewer's clock has it now."""
    first = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    hours = [(n, timezone.localtime(first.replace(hour=n)).strftime("%H:%M")) for n in range(24)]
    return sorted(hours, key=lambda hour: hour[1])


@admin.register(Alarm)
class AlarmAdmin(FailureColumn, OncePerSiteAdmin):
    """Queue alerts: one row for each site that uses them."""

    when_empty = _(
        "Nobody is told when the queue grows long or old. An alarm does that, by mail or messenger."
    )
    seen_by = role = Role.OWNER
    may_add = may_delete = True
    form = AlarmForm
    fixed_fields = ("site",)
    readonly_fields = ("failure",)
    list_display = ("site", "queue_size", "queue_hours", "each_day_at", "by_mail", "failure")
    list_select_related = ("site",)
    fieldsets: ClassVar = (
        (None, {"fields": ("site",)}),
        (_("Tell"), {"fields": ("queue_size", "queue_hours", "digest_hour", "drift", "flood")}),
        (_("How"), {"fields": ("by_mail", "url", "shape", "failure")}),
    )

    @admin.display(description=_("what waits, each day at"), ordering="digest_hour")
    def each_day_at(self, alarm: Alarm) -> str:
        """Return the hour of the daily mail on the viewer's clock."""
        return dict(hours_of_the_viewer(timezone.now())).get(alarm.digest_hour, "")  # type: ignore[arg-type]

    def addable_sites(self, request: HttpRequest) -> QuerySet[Site]:
        """Return the owned sites without an alarm: each has one at most."""
        return super().addable_sites(request).filter(alarm=None)

    def save_model(self, request: HttpRequest, obj: Alarm, form: Any, change: bool) -> None:
        """Save, and write to the audit log."""
        super().save_model(request, obj, form, change)
        self._audit(request, obj, {"changed": form.changed_data})

    def delete_model(self, request: HttpRequest, obj: Alarm) -> None:
        """Delete, and write to the audit log."""
        self._audit(request, obj, {"removed": True})
        super().delete_model(request, obj)

    def _audit(self, request: HttpRequest, obj: Alarm, detail: dict[str, Any]) -> None:
        by, now = user_of(request), timezone.now()
        audit.record(AuditAction.ALARM_SET, site=obj.site, by=by, now=now, detail=detail)
