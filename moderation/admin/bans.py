"""Bans: typed in by what a moderator knows, kept as digests."""

from ipaddress import ip_address
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name, validate_email
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextInputWidget

from comments import privacy
from moderation.admin.scoping import ScopedAdmin, user_of
from moderation.models import Ban
from moderation.models.ban import Target


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
        """Return the data with the value as it is kept."""
        data = super().clean() or {}
        if data.get("target") and data.get("value"):
            try:
                data["value"] = _kept(data["target"], data["value"].strip())
            except (ValidationError, ValueError):
                self.add_error("value", f"This is no {Target(data['target']).label.lower()}.")
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
    def shown_value(self, ban: Ban) -> str:
        """Return a domain as it is, and the beginning of a digest."""
        return ban.value if ban.target == Target.DOMAIN else f"{ban.value[:8]}…"

    def save_model(self, request: HttpRequest, obj: Ban, form: Any, change: bool) -> None:
        """Note who banned."""
        obj.created_by = user_of(request)
        super().save_model(request, obj, form, change)


def _kept(target: str, value: str) -> str:
    if target == Target.EMAIL:
        validate_email(value)
        return privacy.email_digest(value)
    if target == Target.NETWORK:
        return privacy.network_digest(str(ip_address(value)))
    validate_domain_name(value)
    return value.lower().removeprefix("www.")
