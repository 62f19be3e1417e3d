"""External moderators: whose endpoints are asked about each comment."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from moderation.models import ExternalModerator
from moderation.screening.external import moderators
from moderation.web.desk.base import widgets
from moderation.web.desk.base.permissions import sites_of
from moderation.web.desk.site.webhooks import SecretAdmin


class ExternalForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom to ask, and for how long to wait."""

    url = forms.URLField(label="Address", assume_scheme="https", max_length=2000)

    class Meta:
        model = ExternalModerator
        fields = ("site", "url", "seconds", "hold_unanswered")

    def clean_url(self) -> str:
        """Return the address when it may be asked."""
        try:
            moderators.check(self.cleaned_data["url"])
        except moderators.InvalidEndpoint as error:
            raise ValidationError(str(error)) from None
        return str(self.cleaned_data["url"])


@admin.register(ExternalModerator)
class ExternalModeratorAdmin(SecretAdmin):
    """Endpoints that are asked about each comment; saving one that is off switches it on."""

    form = ExternalForm
    list_display = ("url", "site", "seconds", "hold_unanswered", "enabled", "last_error")
    list_select_related = ("site",)
    fields = ("site", "url", "seconds", "hold_unanswered", "last_error", "last_error_at")
    readonly_fields = ("last_error", "last_error_at")
    ordering = ("-id",)
    actions = ("rotate",)

    def save_model(
        self, request: HttpRequest, obj: ExternalModerator, form: Any, change: bool
    ) -> None:
        """Name the endpoint, or change it."""
        data = {name: form.cleaned_data[name] for name in ("url", "seconds", "hold_unanswered")}
        named = moderators.name(obj.site, **data, now=timezone.now())
        obj.pk = named.moderator.pk
        widgets.keep(request, named.secret)

    def delete_model(self, request: HttpRequest, obj: ExternalModerator) -> None:
        """Ask it no more."""
        moderators.remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ExternalModerator]) -> None:
        """Ask many no more."""
        for moderator in queryset:
            moderators.remove(moderator)

    @admin.action(
        description="New secret: the old one signs, too, for a day", permissions=["change"]
    )
    def rotate(self, request: HttpRequest, queryset: QuerySet[ExternalModerator]) -> HttpResponse:
        """Give new secrets and show them."""
        mine = queryset.filter(site__in=sites_of(request, self.role))
        shown = [widgets.ShownSecret(m.url, moderators.rotate(m, now=timezone.now())) for m in mine]
        return widgets.once(request, self, shown)

    @admin.display(boolean=True)
    def enabled(self, moderator: ExternalModerator) -> bool:
        """Tell whether it is asked."""
        return moderator.disabled_at is None
