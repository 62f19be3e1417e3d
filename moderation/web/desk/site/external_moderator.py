"""Admin of external moderators: endpoints that are asked about each comment."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.models import User
from moderation.models import ExternalModerator
from moderation.screening.external import moderators
from moderation.web.desk.base import widgets
from moderation.web.desk.base.failures import FailureColumn
from moderation.web.desk.base.permissions import user_of
from moderation.web.desk.base.widgets import SecretAdmin


class ExternalForm(forms.ModelForm):  # type: ignore[type-arg]
    """An endpoint, and how many seconds to wait for its answer."""

    url = forms.URLField(
        label=_("Address"), assume_scheme="https", max_length=2000, widget=widgets.AddressInput
    )

    class Meta:
        model = ExternalModerator
        fields = ("site", "url", "seconds", "hold_unanswered")

    def clean_url(self) -> str:
        """Return the URL; raise ValidationError where it may not be requested."""
        try:
            moderators.check(self.cleaned_data["url"])
        except moderators.InvalidEndpoint as error:
            raise ValidationError(str(error)) from None
        return str(self.cleaned_data["url"])


@admin.register(ExternalModerator)
class ExternalModeratorAdmin(FailureColumn, SecretAdmin):
    """External moderators of sites; saving a disabled one enables it."""

    when_empty = _(
        "No service of your own is asked about comments. One can be, before they are published."
    )
    form = ExternalForm
    list_display = ("url", "site", "seconds", "hold_unanswered", "enabled", "failure")
    list_select_related = ("site",)
    fields = ("site", "url", "seconds", "hold_unanswered", "failure", "last_error_at")
    readonly_fields = ("failure", "last_error_at")
    ordering = ("-id",)
    actions = ("rotate",)

    def save_model(
        self, request: HttpRequest, obj: ExternalModerator, form: Any, change: bool
    ) -> None:
        """Register the endpoint, or change it."""
        data = {name: form.cleaned_data[name] for name in ("url", "seconds", "hold_unanswered")}
        named = moderators.name(obj.site, **data, by=user_of(request), now=timezone.now())
        obj.pk = named.moderator.pk
        widgets.keep(request, named.secret)

    def delete_model(self, request: HttpRequest, obj: ExternalModerator) -> None:
        """Remove the endpoint."""
        moderators.remove(obj, by=user_of(request), now=timezone.now())

    def new_secret(self, row: ExternalModerator, by: User) -> str:
        """Rotate the secret that signs inquiries."""
        return moderators.rotate(row, by=by, now=timezone.now())

    @admin.display(boolean=True, description=pgettext_lazy("of a setting", "on"))
    def enabled(self, moderator: ExternalModerator) -> bool:
        """Tell whether it is asked."""
        return moderator.disabled_at is None
