"""Admin of the reasons for refusals that moderators choose from."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from comments.models import Role
from comments.models.row_limits import require_room
from moderation.decisions import audit
from moderation.models import AuditAction, RefusalReason
from moderation.review.queue import refusal_reasons
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import ScopedAdmin, sites_of, user_of


@admin.register(RefusalReason)
class RefusalReasonAdmin(ScopedAdmin):
    """A site's own reasons; a site without one has the standard list."""

    role = Role.OWNER
    may_add = may_delete = True
    fixed_fields = ("site",)
    list_display = ("label", "told", "cause", "counts_as", "key", "site")
    sortable_by = ()
    list_filter = (("site", SiteListFilter),)
    list_select_related = ("site",)
    when_empty = _("The standard list counts.")
    list_before_template = "desk/refusal_reasons.html"
    prepopulated_fields: ClassVar = {"key": ("label",)}
    fieldsets: ClassVar = (
        (None, {"fields": ("site", "label", "text")}),
        (_("What it counts as"), {"fields": ("cause", "is_illegal")}),
        (_("Its place"), {"fields": ("position", "key")}),
    )

    @admin.display(description=_("told to the author"))
    def told(self, reason: RefusalReason) -> str:
        """Return the beginning of the text."""
        return Truncator(reason.text).chars(60) or gettext("what its kind says")

    @admin.display(description=_("counts as"))
    def counts_as(self, reason: RefusalReason) -> str:
        """Return what the transparency report counts it as."""
        if reason.is_illegal:
            return gettext("illegal content")
        return gettext("a breach of the house rules")

    class Media:
        css: ClassVar = {"all": ("desk/review.css", "desk/queue.css")}

    def get_urls(self) -> list[URLPattern]:
        """Add the URL of the button that stores the standard list."""
        view = self.admin_site.admin_view(require_POST(adopt))
        return [path("standard/", view, name="moderation_adopt_reasons"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the reasons, and the sites that have the standard list still."""
        without_list = sites_of(request, Role.OWNER).filter(refusal_reasons=None)
        context = {"standard_sites": without_list, "title": gettext("Reasons for refusals")}
        answer: HttpResponse = super().changelist_view(
            request, {**(extra_context or {}), **context}
        )
        return answer

    def save_model(self, request: HttpRequest, obj: RefusalReason, form: Any, change: bool) -> None:
        """Save, and write to the audit log."""
        if not change:
            own = RefusalReason.objects.filter(site=obj.site)
            require_room(own, most=refusal_reasons.MOST, what=_("reasons"), remedy=_("remove one"))
        super().save_model(request, obj, form, change)
        _record(request, obj, {"changed": form.changed_data})

    def delete_model(self, request: HttpRequest, obj: RefusalReason) -> None:
        """Delete, and write to the audit log."""
        _record(request, obj, {"removed": True})
        super().delete_model(request, obj)


def adopt(request: HttpRequest) -> HttpResponse:
    """Store the standard list as that of a site."""
    own = sites_of(request, Role.OWNER)
    site = get_object_or_404(own, slug=request.POST.get("site", ""))
    refusal_reasons.adopt_standard(site, by=user_of(request), now=timezone.now())
    text = gettext("The standard list is now that of %(site)s: change it as you like.")
    messages.success(request, text % {"site": site})
    return HttpResponseRedirect(reverse("admin:moderation_refusalreason_changelist"))


def _record(request: HttpRequest, reason: RefusalReason, detail: dict[str, Any]) -> None:
    audit.record(
        AuditAction.REASONS_SET,
        site=reason.site,
        by=user_of(request),
        now=timezone.now(),
        detail={"reason": reason.key, **detail},
    )
