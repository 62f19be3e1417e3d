"""Bans: typed in by what a moderator knows, stored as digests."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextInputWidget

from moderation.models import Ban
from moderation.models.ban import BanTarget
from moderation.review.people.bans import InvalidBanTarget, ban, lift, stored_value
from moderation.web.desk.base.permissions import ScopedAdmin, user_of


class BanForm(forms.ModelForm):  # type: ignore[type-arg]
    """A ban by an address, a network or a domain."""

    value = forms.CharField(
        widget=UnfoldAdminTextInputWidget,
        help_text="An email address, an IP address of the network, or a domain.",
    )

    class Meta:
        model = Ban
        fields = ("site", "target", "value", "reason", "until")

    def clean(self) -> dict[str, Any]:
        """Return the data with the value as it is stored."""
        data = super().clean() or {}
        if data.get("target") and data.get("value"):
            try:
                data["value"] = stored_value(BanTarget(data["target"]), data["value"])
            except InvalidBanTarget as error:
                self.add_error("value", str(error))
        return data


@admin.register(Ban)
class BanAdmin(ScopedAdmin):
    """Who may not write. A ban stays as it is: lift it, or add another."""

    may_add = may_delete = True
    form = BanForm
    list_display = ("target", "shown_value", "site", "until", "reason", "created_by")
    list_filter = ("target", ("site", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("site", "created_by")
    ordering = ("-id",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow the list, and no form but the one for a new ban."""
        return obj is None and super().has_change_permission(request)

    @admin.display(description="who")
    def shown_value(self, row: Ban) -> str:
        """Return a domain as it is, and the beginning of a digest."""
        return row.value if row.target == BanTarget.DOMAIN else f"{row.value[:8]}…"

    def save_model(self, request: HttpRequest, obj: Ban, form: Any, change: bool) -> None:
        """Put the ban in force."""
        standing, _ = ban(obj, moderator=user_of(request), now=timezone.now())
        obj.pk = standing.pk

    def delete_model(self, request: HttpRequest, obj: Ban) -> None:
        """Lift the ban."""
        lift(obj, moderator=user_of(request), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Ban]) -> None:
        """Lift many."""
        for standing in queryset:
            lift(standing, moderator=user_of(request), now=timezone.now())
