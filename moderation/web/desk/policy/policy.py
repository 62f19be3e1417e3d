"""House rules: the newest revision may be edited, and saving it adds the next."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.views.decorators.http import require_POST

from comments.models import Role, Site
from moderation.models import Policy
from moderation.screening import classifier
from moderation.screening.policy.revisions import set_rules
from moderation.web.desk.base.permissions import ScopedAdmin, sites_of, user_of
from moderation.web.desk.base.wording import CATEGORIES
from moderation.web.desk.policy.fields import LinesField, ThresholdsField, in_percent
from moderation.web.desk.policy.simulation import try_rules

ONE_A_LINE = (
    "One a line. * stands for any letters; a line between slashes, /like th[i1]s/, is an RE2 "
    "pattern. Disguises such as v1agra are seen through."
)


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """The house rules, with words as lines and thresholds as a table."""

    held_words = LinesField(help_text=ONE_A_LINE)
    rejected_words = LinesField(help_text=ONE_A_LINE)
    thresholds = ThresholdsField(
        required=False,
        help_text="How sure the classifier must be of a harm for a comment to be held or rejected. "
        "The lower the number, the more is found, and the more harmless comments are held with it. "
        "Where nothing is given, the grey numbers count. 101 means never.",
    )

    class Meta:
        model = Policy
        fields = (
            "site",
            "hold_first_comment",
            "publish_trusted",
            "trust_after",
            "confirm_email",
            "tell_authors",
            "max_links",
            "held_words",
            "rejected_words",
            "thresholds",
            "reports_to_hold",
            "close_after_days",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "thresholds" in self.fields:
            widget = self.fields["thresholds"].widget
            widget.recommended = classifier.recommended_thresholds()
            widget.measures = classifier.measures()


@admin.register(Policy)
class PolicyAdmin(ScopedAdmin):
    """The house rules of sites: a row is never changed, decisions were based on it."""

    role = Role.OWNER
    may_add = True
    form = PolicyForm
    list_display = ("__str__", "in_force", "created_at", "created_by")
    list_filter = (("site", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("site", "created_by")
    fieldsets: ClassVar = (
        (
            None,
            {
                "fields": ("site",),
                "description": "Saving keeps what was before and adds the next revision. "
                "It counts for comments that come in from then on.",
            },
        ),
        (
            "Authors",
            {
                "fields": (
                    "confirm_email",
                    "hold_first_comment",
                    "publish_trusted",
                    "trust_after",
                    "tell_authors",
                )
            },
        ),
        ("Words and links", {"fields": ("max_links", "held_words", "rejected_words")}),
        ("Scores", {"fields": ("thresholds",)}),
        ("Readers and time", {"fields": ("reports_to_hold", "close_after_days")}),
    )
    change_form_after_template = "desk/trial_bar.html"
    told: ClassVar = {
        "held_words": "words_held",
        "rejected_words": "words_rejected",
        "thresholds": "thresholds_in_words",
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        """Return the revisions, each with whether a later one replaced it."""
        later = Policy.objects.filter(site=OuterRef("site"), revision__gt=OuterRef("revision"))
        policies: QuerySet[Policy] = super().get_queryset(request)
        return policies.annotate(replaced=Exists(later))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show lists and thresholds of what can't be edited in words."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, {**rest, "fields": [self.told.get(name, name) for name in rest["fields"]]})
            for title, rest in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep a revision at its site."""
        return ("site", *self.told.values()) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let owners go on from the newest revision."""
        return super().has_change_permission(request, obj) and not getattr(obj, "replaced", False)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let owners set the first rules of a site."""
        return _without_rules(request).exists()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the sites that have no rules of their own yet."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.queryset = _without_rules(request)
        return field

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a revision; lead whoever edited one that was replaced meanwhile to the newest."""
        policy = self.get_object(request, unquote(object_id)) if object_id else None
        if request.method == "POST" and policy and policy.replaced:
            messages.warning(request, "Somebody has set newer rules meanwhile. Start from these.")
            newest = Policy.objects.current(policy.site)
            page = reverse("admin:moderation_policy_change", args=[newest.pk])
            return HttpResponseRedirect(page)
        try_url = reverse("admin:moderation_policy_try", args=[policy.pk] if policy else [])
        context = {
            **(extra_context or {}),
            "try_url": try_url,
            "may_try": self._may(request, policy),
        }
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        return answer

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses at which rules are tried."""
        view = self.admin_site.admin_view(require_POST(self.try_view))
        return [
            path("try/", view, name="moderation_policy_try"),
            path("<int:pk>/try/", view, name="moderation_policy_try"),
            *super().get_urls(),
        ]

    def try_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Say what the rules in the form would have done; save nothing."""
        policy = self.get_object(request, str(pk)) if pk else None
        if pk and policy is None:
            raise Http404
        if not self._may(request, policy):
            raise PermissionDenied
        form = self.get_form(request, policy, change=policy is not None)(
            request.POST, instance=policy
        )
        told = try_rules(form, limit=request.POST.get("try_limit", ""))
        if "HX-Request" in request.headers:
            return TemplateResponse(request, "desk/trial.html", told)
        save_url = reverse("admin:moderation_policy_add")
        if pk:
            save_url = reverse("admin:moderation_policy_change", args=[pk])
        page = {
            **self.admin_site.each_context(request),
            "title": "House rules, tried",
            "save_url": save_url,
            "posted": [(k, v) for k, v in request.POST.items() if k != "csrfmiddlewaretoken"],
        }
        return TemplateResponse(request, "desk/trial_page.html", {**page, **told})

    def _may(self, request: HttpRequest, policy: Policy | None) -> bool:
        """Tell whether the user may set these rules, or the first ones of a site."""
        if policy is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, policy)

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        """Add the next revision."""
        set_rules(obj, by=user_of(request), now=timezone.now())

    @admin.display(boolean=True)
    def in_force(self, policy: Any) -> bool:
        """Tell whether it is the newest of its site."""
        return not policy.replaced

    @admin.display(description="held words")
    def words_held(self, policy: Policy) -> str:
        """Return the words that hold a comment."""
        return ", ".join(policy.held_words) or "none"

    @admin.display(description="rejected words")
    def words_rejected(self, policy: Policy) -> str:
        """Return the words that reject a comment."""
        return ", ".join(policy.rejected_words) or "none"

    @admin.display(description="thresholds")
    def thresholds_in_words(self, policy: Policy) -> str:
        """Return the scores from which a comment is held and rejected."""
        told = (
            (CATEGORIES[category], in_percent(limits["hold_at"]), in_percent(limits["reject_at"]))
            for category, limits in policy.thresholds.items()
        )
        line = "<p>{} in percent: held from {}, rejected from {}</p>"
        return format_html_join("\n", line, told) or "as the classifier recommends"


def _without_rules(request: HttpRequest) -> QuerySet[Site]:
    return sites_of(request, Role.OWNER).filter(policies=None)
