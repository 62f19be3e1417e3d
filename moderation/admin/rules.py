"""House rules and bans."""

from ipaddress import ip_address
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name, validate_email
from django.db.models import Max
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from comments import privacy
from comments.models import Role
from moderation import scoring
from moderation.admin.scoping import ScopedAdmin, sites_of
from moderation.models import Ban, Policy
from moderation.models.ban import Target
from moderation.verdicts import Category


class WordsField(forms.CharField):
    """A list of words, shown and typed one a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=UnfoldAdminTextareaWidget({"rows": 4}), required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the words as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Return the words of the lines, without blanks and repetitions."""
        lines = (line.strip() for line in (super().clean(value) or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line.strip("*")))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is meant, not how it is written."""
        return list(initial or []) != self.clean(data)


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """The house rules, with the thresholds in words instead of JSON."""

    held_words = WordsField(help_text="One a line. * stands for any letters.")
    rejected_words = WordsField(help_text="One a line. * stands for any letters.")
    thresholds = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
        help_text="One a line: category, hold at, reject at; scores from 0 to 1. Categories that "
        "are not here use what the classifier recommends.",
    )

    class Meta:
        model = Policy
        fields = (
            "site",
            "hold_first_comment",
            "publish_trusted",
            "trust_after",
            "max_links",
            "held_words",
            "rejected_words",
            "thresholds",
            "reports_to_hold",
            "close_after_days",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.initial.get("thresholds") or {}
        self.initial["thresholds"] = "\n".join(
            f"{category} {limits['hold_at']} {limits['reject_at']}"
            for category, limits in given.items()
        )
        self.fields["thresholds"].help_text += _recommended()

    def clean_thresholds(self) -> dict[str, dict[str, float]]:
        """Return the thresholds by category; say which line is wrong."""
        return dict(
            _threshold(line)
            for line in self.cleaned_data["thresholds"].splitlines()
            if line.strip()
        )


@admin.register(Policy)
class PolicyAdmin(ScopedAdmin):
    """The house rules of sites. They are never changed: saving adds a revision."""

    role = Role.OWNER
    may_add = True
    form = PolicyForm
    list_display = ("__str__", "created_at", "created_by")
    list_filter = (("site", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("site", "created_by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep what decisions were based on."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let owners set new rules."""
        return sites_of(request, Role.OWNER).exists()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start from the rules that are in force."""
        site = sites_of(request, Role.OWNER).order_by("name").first()
        if "site" in request.GET:
            site = sites_of(request, Role.OWNER).filter(pk=request.GET["site"]).first() or site
        if site is None:
            return {}
        return forms.model_to_dict(Policy.objects.current(site), exclude=["id", "revision"])

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        """Add the next revision."""
        newest = Policy.objects.filter(site=obj.site).aggregate(newest=Max("revision"))["newest"]
        obj.revision = (newest or 0) + 1
        obj.created_by_id = request.user.pk
        super().save_model(request, obj, form, change)


class BanForm(forms.ModelForm):  # type: ignore[type-arg]
    """A ban by what a moderator knows: an address, a network, a domain. Digests are kept of it."""

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
    """Who may not write."""

    may_add = may_delete = True
    form = BanForm
    list_display = ("target", "shown_value", "site", "until", "reason", "created_by")
    list_filter = ("target", ("site", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("site", "created_by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep bans as they are: lift one, or add another."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let moderators lift the bans of their sites."""
        return super().has_change_permission(request, obj)

    @admin.display(description="who")
    def shown_value(self, ban: Ban) -> str:
        """Return a domain as it is, and the beginning of a digest."""
        return ban.value if ban.target == Target.DOMAIN else f"{ban.value[:8]}…"

    def save_model(self, request: HttpRequest, obj: Ban, form: Any, change: bool) -> None:
        """Note who banned."""
        obj.created_by_id = request.user.pk
        super().save_model(request, obj, form, change)


def _recommended() -> str:
    recommended = scoring.recommended_thresholds()
    told = (f"{c} {limits['hold_at']} {limits['reject_at']}" for c, limits in recommended.items())
    return f" Recommended now: {'; '.join(told)}." if recommended else ""


def _threshold(line: str) -> tuple[str, dict[str, float]]:
    try:
        category, hold_at, reject_at = line.split()
        limits = {"hold_at": float(hold_at), "reject_at": float(reject_at)}
        if not 0 <= limits["hold_at"] <= limits["reject_at"]:
            raise ValueError
        return Category(category.upper()).value, limits
    except ValueError:
        raise ValidationError(
            f"“{line}” should be a category and two scores, the lower first: TOXICITY 0.8 0.95"
        ) from None


def _kept(target: str, value: str) -> str:
    if target == Target.EMAIL:
        validate_email(value)
        return privacy.email_digest(value)
    if target == Target.NETWORK:
        return privacy.network_digest(str(ip_address(value)))
    validate_domain_name(value)
    return value.lower().removeprefix("www.")
