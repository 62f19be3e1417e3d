"""The policy page: owners edit the newest revision, and saving it adds the next.

Form and sections derive from the model: see `moderation.models.policy`.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from comments.models import Role, Site
from moderation.models import Policy
from moderation.models.policy_fields import IgnoredWordsField, ThresholdsField, WordListField
from moderation.screening import classifier
from moderation.screening.policy.revisions import set_policy
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import OncePerSiteAdmin, user_of
from moderation.web.desk.base.words import CATEGORIES
from moderation.web.desk.policy import words_tried
from moderation.web.desk.policy.fields import (
    LinesField,
    ThresholdsFormField,
    WordListWidget,
    in_percent,
)
from moderation.web.desk.policy.preset_field import WHEN_EMPTY, PolicyForm, preset_in_words
from moderation.web.desk.policy.simulation import simulation_context

ONE_A_LINE = _(
    "One a line. * stands for any letters, and two or more of them, or \\*, for themselves; a line "
    "between slashes, /like th[i1]s/, is an RE2 pattern. Disguises such as v1agra are seen through."
)
THRESHOLDS = _(
    "How sure the classifier must be of a harm for a comment to be held or rejected. "
    "The lower the number, the more is found, and the more harmless comments are held with it. "
    "Where nothing is given, the grey numbers count. 101 means never."
)


def _words(words: list[str]) -> str:
    return ", ".join(words) or gettext("none")


def _thresholds(thresholds: dict[str, dict[str, float]]) -> str:
    rows = (
        (CATEGORIES[category], in_percent(limits["hold_at"]), in_percent(limits["reject_at"]))
        for category, limits in thresholds.items()
    )
    words = gettext("%(category)s in percent: held from %(hold)s, rejected from %(reject)s")
    line = f"<p>{words % {'category': '{}', 'hold': '{}', 'reject': '{}'}}</p>"
    return format_html_join("\n", line, rows) or gettext("as the classifier recommends")


# How JSON fields are shown to who can't edit them, by the class of the field.
TEXT_OF: dict[type, Callable[[Any], str]] = {
    WordListField: _words,
    IgnoredWordsField: _words,
    ThresholdsField: _thresholds,
}


def _column(field: Any) -> Callable[[Policy], str]:
    @admin.display(description=field.verbose_name)
    def text(policy: Policy) -> str:
        return TEXT_OF[type(field)](getattr(policy, field.name))

    return text


IN_WORDS = {field.name: _column(field) for field in Policy._meta.fields if type(field) in TEXT_OF}


@admin.display(description=_("preset"))
def _preset(policy: Policy) -> str:
    return preset_in_words(policy)


IN_WORDS["preset"] = _preset


@admin.register(Policy)
class PolicyAdmin(OncePerSiteAdmin):
    """The policies of sites. A row is never changed: decisions were based on it."""

    when_empty = WHEN_EMPTY
    form = PolicyForm
    role = Role.OWNER
    may_add = True
    fixed_fields = ("site", *IN_WORDS.values())
    list_display = ("__str__", _preset, "in_force", "created_at", "created_by")
    list_filter = (("site", SiteListFilter),)
    list_select_related = ("site", "created_by")
    fieldsets: ClassVar = (
        (
            None,
            {
                "fields": ("site",),
                "description": _(
                    "Saving keeps what was before and adds the next revision. "
                    "It counts for comments that come in from then on."
                ),
            },
        ),
        (_("Preset"), {"fields": ("preset",)}),
        *((title, {"fields": names}) for title, names in Policy.SECTIONS.items()),
    )
    change_form_after_template = "desk/simulation_bar.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        """Return the revisions, annotated with whether a later one replaced them."""
        later = Policy.objects.filter(site=OuterRef("site"), revision__gt=OuterRef("revision"))
        policies: QuerySet[Policy] = super().get_queryset(request)
        return policies.annotate(replaced=Exists(later))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Replace JSON fields by their text where the user may only read."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, {**rest, "fields": [IN_WORDS.get(name, name) for name in rest["fields"]]})
            for title, rest in fieldsets
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow owners to edit the newest revision."""
        return super().has_change_permission(request, obj) and not getattr(obj, "replaced", False)

    def addable_sites(self, request: HttpRequest) -> QuerySet[Site]:
        """Return the owned sites without a policy: later revisions start from the newest."""
        return super().addable_sites(request).filter(policies=None)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Return lines for a word list and a table for thresholds."""
        if isinstance(db_field, WordListField):
            widget = WordListWidget({"rows": 4})
            widget.try_url = words_tried.url_for(request)
            label = capfirst(db_field.verbose_name)
            return LinesField(label=label, help_text=ONE_A_LINE, widget=widget)
        if isinstance(db_field, IgnoredWordsField):
            return LinesField(
                label=_("Words that teach nothing"),
                help_text=_("One a line, as they stand under What it learned."),
            )
        if isinstance(db_field, ThresholdsField):
            return ThresholdsFormField(
                label=_("Thresholds"),
                required=False,
                help_text=THRESHOLDS,
                recommended=classifier.recommended_thresholds(),
                measures=classifier.measures(),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a revision; redirect to the newest if the edited one was replaced meanwhile."""
        policy = self.get_object(request, unquote(object_id)) if object_id else None
        if request.method == "POST" and policy and policy.replaced:
            messages.warning(
                request, gettext("Somebody has set newer rules meanwhile. Start from these.")
            )
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
        """Add the URLs of the dry run."""
        view = self.admin_site.admin_view(require_POST(self.simulate_view))
        words = self.admin_site.admin_view(require_POST(self.words_view))
        return [
            path("words/", words, name="moderation_policy_words"),
            path("<int:pk>/words/", words, name="moderation_policy_words"),
            path("try/", view, name="moderation_policy_try"),
            path("<int:pk>/try/", view, name="moderation_policy_try"),
            *super().get_urls(),
        ]

    def simulate_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Simulate the policy in the form and show the result; save nothing."""
        policy = self.get_object(request, str(pk)) if pk else None
        if pk and policy is None:
            raise Http404
        if not self._may(request, policy):
            raise PermissionDenied
        form = self.get_form(request, policy, change=policy is not None)(
            request.POST, instance=policy
        )
        result = simulation_context(form, limit=request.POST.get("try_limit", ""))
        if "HX-Request" in request.headers:
            return TemplateResponse(request, "desk/simulation.html", result)
        save_url = reverse("admin:moderation_policy_add")
        if pk:
            save_url = reverse("admin:moderation_policy_change", args=[pk])
        page = {
            **self.admin_site.each_context(request),
            "title": gettext("House rules, tried"),
            "save_url": save_url,
            "posted": [(k, v) for k, v in request.POST.items() if k != "csrfmiddlewaretoken"],
        }
        return TemplateResponse(request, "desk/simulation_page.html", {**page, **result})

    def words_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Try a word list as it stands in the form; save nothing."""
        policy = self.get_object(request, str(pk)) if pk else None
        if pk and policy is None:
            raise Http404
        if not self._may(request, policy):
            raise PermissionDenied
        return words_tried.respond(request, site=policy.site if policy else None)

    def _may(self, request: HttpRequest, policy: Policy | None) -> bool:
        """Tell whether the user may go on from a revision, or set a site's first policy."""
        if policy is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, policy)

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        """Add the next revision."""
        set_policy(obj, by=user_of(request), now=timezone.now())

    @admin.display(boolean=True, description=_("in force"))
    def in_force(self, policy: Any) -> bool:
        """Tell whether this is the current revision of its site."""
        return not policy.replaced
