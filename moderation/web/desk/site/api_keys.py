"""Admin of API keys."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from comments.accounts import api_keys
from comments.models import KeyMode, Role, Scope, SiteKey
from moderation.review.people.api_keys import issue, revoke, rotate
from moderation.web.desk.base import widgets
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import ScopedAdmin, user_of


class KeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new key with its scopes and mode."""

    scopes = forms.MultipleChoiceField(
        label=_("Scopes"),
        choices=Scope.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Choose as few as will do. A key for Akismet has no other scope."),
    )

    class Meta:
        model = SiteKey
        fields = ("site", "name", "scopes", "mode")

    def clean(self) -> dict[str, Any]:
        """Return the data when the scopes can be on one key."""
        data = super().clean() or {}
        if data.get("scopes") and data.get("mode"):
            try:
                api_keys.validate_scopes(data["scopes"], mode=KeyMode(data["mode"]))
            except api_keys.InvalidScopes as error:
                self.add_error("scopes", str(error))
        return data


@admin.register(SiteKey)
class KeyAdmin(ScopedAdmin):
    """API keys of a site; its owners issue, rotate and revoke them."""

    when_empty = _("No key yet. Your own servers and plugins call with one.")
    seen_by = role = Role.OWNER
    may_add = is_append_only = True
    form = KeyForm
    list_display = ("name", "public_id", "what_for", "site", "state", "last_used_at")
    list_filter = (("site", SiteListFilter),)
    list_select_related = ("site",)
    fields = ("site", "name", "scopes", "mode")
    ordering = ("-id",)
    actions = ("rotate", "revoke")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return the fields of the form for a new key, or everything known of a stored one."""
        known = ("site", "name", "public_id", "what_for", "mode", "state")
        times = ("created_at", "created_by", "last_used_at", "expires_at", "revoked_at")
        return (*known, *times) if obj else ("site", "name", "scopes", "mode")

    def save_model(self, request: HttpRequest, obj: SiteKey, form: Any, change: bool) -> None:
        """Issue the key."""
        issued = issue(
            obj.site,
            scopes=form.cleaned_data["scopes"],
            name=obj.name,
            mode=KeyMode(obj.mode),
            by=user_of(request),
            now=timezone.now(),
        )
        obj.pk = issued.key.pk
        widgets.keep(request, issued.secret)

    def response_add(
        self, request: HttpRequest, obj: SiteKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the new secret."""
        return widgets.once(request, self, [widgets.kept(request, obj.name)])

    @admin.action(description=_("Rotate: these go on for a week"), permissions=["change"])
    def rotate(self, request: HttpRequest, queryset: QuerySet[SiteKey]) -> HttpResponse:
        """Issue successors and show their secrets."""
        now = timezone.now()
        mine = self.changeable(queryset, request).filter(revoked_at=None)
        issued = [rotate(key, by=user_of(request), now=now) for key in mine]
        return widgets.once(
            request, self, [widgets.ShownSecret(key.name, secret) for key, secret in issued]
        )

    @admin.action(description=_("Revoke: it opens nothing from now on"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[SiteKey]) -> None:
        """End keys at once."""
        for key in self.changeable(queryset, request).filter(revoked_at=None):
            revoke(key, by=user_of(request), now=timezone.now())
        self.message_user(request, _("Revoked. Whatever used it gets 401 from now on."))

    @admin.display(description=_("scopes"))
    def what_for(self, key: SiteKey) -> str:
        """Return the scopes."""
        labels = dict(Scope.choices)
        return ", ".join(str(labels.get(one, one)).partition(":")[0].strip() for one in key.scopes)

    @admin.display(description=_("state"))
    def state(self, key: SiteKey) -> str:
        """Return whether the key is valid, and until when."""
        if key.revoked_at:
            return gettext("revoked")
        if key.expires_at:
            ended = key.expires_at <= timezone.now()
            end = date_format(timezone.localtime(key.expires_at), "DATETIME_FORMAT")
            return gettext("expired") if ended else gettext("until %(date)s") % {"date": end}
        return gettext("valid")
