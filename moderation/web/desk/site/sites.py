"""Admin of sites and their threads."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from comments.models import Role, Site, Thread
from comments.models.site import origin_of
from moderation.decisions import audit
from moderation.models import AuditAction
from moderation.review.sites import connection
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import ScopedAdmin, may_add_site, user_of
from moderation.web.desk.policy import calibration
from moderation.web.desk.policy.fields import LinesField
from moderation.web.desk.site import refused_origins, same_pages, shared_secrets, site_state


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """A site's rules for posting, with its origins as lines."""

    origins = LinesField(
        label=_("Origins"), help_text=_("Where its pages live, one a line: https://example.com")
    )
    page_parameters = LinesField(
        label=_("Parameters that make a page"),
        help_text=format_lazy(
            "{} {}", Site._meta.get_field("page_parameters").help_text, _("One a line.")
        ),
    )

    class Meta:
        model = Site
        fields = (
            "name",
            "slug",
            "origins",
            "origins_apart",
            "slash_matters",
            "page_parameters",
            "read_pages",
            "require_name",
            "require_email",
            "allow_website",
            "guidelines",
            "max_length",
            "max_depth",
            "min_seconds",
            "form_hours",
            "votes",
            "edit_minutes",
            "notify",
            "remove_erased_texts",
            "public_playground",
        )

    def clean_origins(self) -> list[str]:
        """Return the origins as browsers send them; raise ValidationError for an invalid one."""
        try:
            return [origin_of(origin) for origin in self.cleaned_data["origins"]]
        except ValueError as error:
            raise ValidationError(str(error)) from None


@admin.register(Site)
class SiteAdmin(ScopedAdmin):
    """Settings of sites, which their owners set."""

    site_path = "pk"
    role = Role.OWNER
    form = SiteForm
    # It is in addresses.
    fixed_fields = ("slug",)
    list_display = ("name", "slug", "state")
    actions_detail: ClassVar = (
        "set_up",
        "calibration",
        "same_pages",
        "refused_origins",
        "shared_secrets",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the sites with how far they are connected."""
        return connection.with_state(super().get_queryset(request))

    @admin.display(description=_("state"))
    def state(self, site: Site) -> str:
        """Return how far the site is connected, with the way on where it is not."""
        return site_state.in_words(site)

    @action(
        description=_("Scores and thresholds"), url_path="calibration", permissions=["simulate"]
    )  # type: ignore[untyped-decorator]
    def calibration(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the scores of the site's comments, beside those of its present service."""
        site = self.get_object(request, unquote(object_id))
        if site is None:
            raise Http404
        context = {**self.admin_site.each_context(request), **calibration.page(request, site)}
        return TemplateResponse(request, "desk/calibration.html", context)

    @action(description=_("Same pages"), url_path="same-pages", permissions=["merge_pages"])  # type: ignore[untyped-decorator]
    def same_pages(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show which threads are one page, and merge them."""
        site = self.get_object(request, unquote(object_id))
        if site is None:
            raise Http404
        return same_pages.page(request, site, context=self.admin_site.each_context(request))

    def has_simulate_permission(self, request: HttpRequest, object_id: str = "") -> bool:
        """Require the role of who sets the policy: hundreds of comments are scored anew."""
        return self.has_merge_pages_permission(request, object_id)

    @action(
        description=_("Refused origins"), url_path="refused-origins", permissions=["set_origins"]
    )  # type: ignore[untyped-decorator]
    def refused_origins(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show from where the site was called in vain, and allow it."""
        site = self.get_object(request, unquote(object_id))
        if site is None:
            raise Http404
        return refused_origins.page(request, site, context=self.admin_site.each_context(request))

    @action(description=_("Shared secrets"), url_path="shared-secrets", permissions=["set_origins"])  # type: ignore[untyped-decorator]
    def shared_secrets(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show which secrets the site shares with us; make, take and end them."""
        site = self.get_object(request, unquote(object_id))
        if site is None:
            raise Http404
        return shared_secrets.page(request, site, context=self.admin_site.each_context(request))

    def has_set_origins_permission(self, request: HttpRequest, object_id: str = "") -> bool:
        """Require the role of an owner at the site."""
        return self.has_merge_pages_permission(request, object_id)

    def render_change_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the settings, with a warning where pages are refused."""
        site = kwargs.get("obj")
        if site is not None and request.method == "GET" and self.has_role(request, site):
            refused_origins.warn(request, site)
        form: HttpResponse = super().render_change_form(request, *args, **kwargs)
        return form

    def has_merge_pages_permission(self, request: HttpRequest, object_id: str = "") -> bool:
        """Require the role of an owner at the site."""
        return self.has_role(request, self.get_object(request, unquote(object_id)))

    @action(description=_("Set-up"), url_path="set-up", permissions=["set_origins"])  # type: ignore[untyped-decorator]
    def set_up(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that connects the site."""
        site = self.get_object(request, unquote(object_id))
        if site is None:
            raise Http404
        return redirect("desk_set_up_site", site.slug)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow superusers, and owners where the operator lets them."""
        return may_add_site(request)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to the set-up, which asks for name and address alone."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("desk_set_up")

    def save_model(self, request: HttpRequest, obj: Site, form: Any, change: bool) -> None:
        """Save the settings, and write the changed ones to the audit log."""
        super().save_model(request, obj, form, change)
        detail = {"changed": form.changed_data}
        now, by = timezone.now(), user_of(request)
        audit.record(AuditAction.SITE_SET, site=obj, by=by, now=now, subject=obj.pk, detail=detail)


@admin.register(Thread)
class ThreadAdmin(ScopedAdmin):
    """Threads of a site; moderators close and open them."""

    list_display = ("__str__", "site", "closed_at", "created_at")
    list_filter = (("site", SiteListFilter),)
    search_fields = ("title", "key")
    list_select_related = ("site",)
    fields = ("site", "key", "url", "title", "section", "prompt", "created_at", "closed_at")
    readonly_fields = ("site", "key", "url", "section", "created_at")
    ordering = ("-id",)
    actions = ("close", "open")

    def save_model(self, request: HttpRequest, obj: Thread, form: Any, change: bool) -> None:
        """Save title, prompt and closing, and write what changed to the audit log."""
        super().save_model(request, obj, form, change)
        if form.changed_data:
            detail = {"changed": form.changed_data}
            audit.record(
                AuditAction.THREAD_CHANGED,
                site=obj.site,
                by=user_of(request),
                now=timezone.now(),
                subject=obj.pk,
                detail=detail,
            )

    @admin.action(description=_("Close: no more comments"), permissions=["change"])
    def close(self, request: HttpRequest, threads: QuerySet[Thread]) -> None:
        """Close the open threads among these, at sites that the user moderates."""
        mine = self.changeable(threads, request).filter(closed_at=None)
        closed = self._turn(request, mine, AuditAction.THREAD_CLOSED, closed_at=timezone.now())
        self.message_user(request, gettext("Closed: %(number)s.") % {"number": closed})

    @admin.action(description=_("Open again"), permissions=["change"])
    def open(self, request: HttpRequest, threads: QuerySet[Thread]) -> None:
        """Open the closed threads among these, at sites that the user moderates."""
        mine = self.changeable(threads, request).exclude(closed_at=None)
        opened = self._turn(request, mine, AuditAction.THREAD_OPENED, closed_at=None)
        self.message_user(request, gettext("Opened: %(number)s.") % {"number": opened})

    @transaction.atomic
    def _turn(
        self, request: HttpRequest, threads: QuerySet[Thread], act: AuditAction, **state: Any
    ) -> int:
        lines = [audit.AuditRecord(act, thread.site_id, thread.pk) for thread in threads]
        Thread.objects.filter(pk__in=[line.subject for line in lines]).update(**state)
        audit.record_all(lines, by=user_of(request), now=timezone.now())
        return len(lines)
