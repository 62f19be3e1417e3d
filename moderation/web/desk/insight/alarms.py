"""When a site's people are told that the queue is long or old, and how; its owners say so."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from comments.models import Role
from moderation.decisions import audit
from moderation.models import Alarm, AuditAction
from moderation.notifications.webhooks import http_client
from moderation.web.desk.base.permissions import ScopedAdmin, sites_of, user_of


class AlarmForm(forms.ModelForm):  # type: ignore[type-arg]
    """The limits and ways of one site."""

    class Meta:
        model = Alarm
        fields = (
            "site",
            "queue_size",
            "queue_hours",
            "digest_hour",
            "by_mail",
            "url",
            "shape",
        )

    def clean_url(self) -> str:
        """Return the address of the webhook; say early why it can't be asked."""
        url: str = self.cleaned_data["url"]
        if url:
            try:
                http_client.check(url)
            except http_client.Unreachable as error:
                raise forms.ValidationError(str(error)) from None
        return url


@admin.register(Alarm)
class AlarmAdmin(ScopedAdmin):
    """One row for each site that wants to be told."""

    seen_by = role = Role.OWNER
    may_add = may_delete = True
    form = AlarmForm
    list_display = ("site", "queue_size", "queue_hours", "digest_hour", "by_mail", "last_error")
    list_select_related = ("site",)
    fieldsets: ClassVar = (
        (None, {"fields": ("site",)}),
        ("Tell", {"fields": ("queue_size", "queue_hours", "digest_hour")}),
        ("How", {"fields": ("by_mail", "url", "shape", "last_error")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep an alarm at its site."""
        return ("site", "last_error") if obj else ("last_error",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let owners add one for each site that has none."""
        return sites_of(request, self.role).filter(alarm=None).exists()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the sites that have none yet."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.queryset = sites_of(request, self.role).filter(alarm=None)
        return field

    def save_model(self, request: HttpRequest, obj: Alarm, form: Any, change: bool) -> None:
        """Save, and write down who set it."""
        super().save_model(request, obj, form, change)
        self._write_down(request, obj, {"changed": form.changed_data})

    def delete_model(self, request: HttpRequest, obj: Alarm) -> None:
        """Delete, and write down who did."""
        self._write_down(request, obj, {"removed": True})
        super().delete_model(request, obj)

    def _write_down(self, request: HttpRequest, obj: Alarm, detail: dict[str, Any]) -> None:
        by, now = user_of(request), timezone.now()
        audit.record(AuditAction.ALARM_SET, site=obj.site, by=by, now=now, detail=detail)
