"""Admin of bans: typed as an address, network or domain; the first two are stored as digests."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from moderation.models import Ban
from moderation.models.ban import BanTarget
from moderation.review.people.bans import InvalidBanTarget, ban, lift, stored_value
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import ScopedAdmin, user_of


class BanForm(forms.ModelForm):  # type: ignore[type-arg]
    """A ban by an address, a network or a domain."""

    value = forms.CharField(
        label=_("Whom"),
        widget=UnfoldAdminTextInputWidget,
        help_text=_("An email address, an IP address of the network, or a domain."),
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
    """Bans of a site. A ban is never edited: it is lifted, or another one is added."""

    may_add = may_delete = is_append_only = True
    form = BanForm
    when_empty = _("Nobody is banned: do it from the queue (i), or by an address or a domain here.")
    list_display = ("target", "shown_value", "site", "until", "reason", "created_by")
    list_filter = ("target", ("site", SiteListFilter))
    list_select_related = ("site", "created_by")
    ordering = ("-id",)

    @admin.display(description=_("who"))
    def shown_value(self, row: Ban) -> str:
        """Return a domain, or the beginning of a digest."""
        return row.value if row.target == BanTarget.DOMAIN else f"{row.value[:8]}…"

    def save_model(self, request: HttpRequest, obj: Ban, form: Any, change: bool) -> None:
        """Store the ban, or renew the one that is there."""
        stored, _ = ban(obj, moderator=user_of(request), now=timezone.now())
        obj.pk = stored.pk

    def delete_model(self, request: HttpRequest, obj: Ban) -> None:
        """Lift the ban."""
        lift(obj, moderator=user_of(request), now=timezone.now())
