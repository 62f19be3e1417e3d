"""Admin of sites and their threads."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from unfold.decorators import action

from comments.models import Role, Site, Thread
from comments.models.site import ORIGIN
from moderation.decisions import audit
from moderation.models import AuditAction
from moderation.web.desk.base.permissions import ScopedAdmin, is_superuser, user_of
from moderation.web.desk.policy import calibration
from moderation.web.desk.policy.fields import LinesField


class SiteForm(forms.ModelForm):  # type: ignore[type-arg]
    """A site's rules for posting, with its origins as lines."""

    origins = LinesField(help_text="Where its pages live, one a line: https://example.com")

    class Meta:
        model = Site
        fields = (
            "name",
            "slug",
            "origins",
            "require_name",
            "require_email",
            "allow_website",
            "max_length",
            "max_depth",
            "min_seconds",
            "form_hours",
            "votes",
            "edit_minutes",
            "notify",
            "remove_erased_texts",
        )

    def clean_origins(self) -> list[str]:
        """Return the origins as browsers send them; raise ValidationError for an invalid one."""
        origins = [origin.rstrip("/").lower() for origin in self.cleaned_data["origins"]]
        if wrong := [origin for origin in origins if not ORIGIN.fullmatch(origin)]:
            raise ValidationError(f"An origin is a scheme and a host, without a path: {wrong[0]}")
        return origins


@admin.register(Site)
class SiteAdmin(ScopedAdmin):
    """Settings of sites, which their owners set."""

    site_path = "pk"
    role = Role.OWNER
    form = SiteForm
    # It is in addresses.
    fixed_fields = ("slug",)
    list_display = ("name", "slug", "require_email", "max_length")
    actions_detail: ClassVar = ("calibration",)

    @action(description="Scores and thresholds", url_path="calibration")  # type: ignore[untyped-decorator]
    def calibration(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the scores of the site's comments, beside those of its present service."""
        site = self.get_object(request, unquote(object_id))
        if site is None:
            raise Http404
        context = {**self.admin_site.each_context(request), **calibration.page(request, site)}
        return TemplateResponse(request, "desk/calibration.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow superusers alone to add sites."""
        return is_superuser(request)

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
    list_filter = (("site", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("title", "key")
    list_select_related = ("site",)
    fields = ("site", "key", "url", "title", "created_at", "closed_at")
    readonly_fields = ("site", "key", "url", "created_at")
    ordering = ("-id",)
    actions = ("close", "open")

    @admin.action(description="Close: no more comments", permissions=["change"])
    def close(self, request: HttpRequest, threads: QuerySet[Thread]) -> None:
        """Close the open threads among these, at sites that the user moderates."""
        mine = self.changeable(threads, request).filter(closed_at=None)
        closed = self._turn(request, mine, AuditAction.THREAD_CLOSED, closed_at=timezone.now())
        self.message_user(request, f"Closed: {closed}.")

    @admin.action(description="Open again", permissions=["change"])
    def open(self, request: HttpRequest, threads: QuerySet[Thread]) -> None:
        """Open the closed threads among these, at sites that the user moderates."""
        mine = self.changeable(threads, request).exclude(closed_at=None)
        opened = self._turn(request, mine, AuditAction.THREAD_OPENED, closed_at=None)
        self.message_user(request, f"Opened: {opened}.")

    @transaction.atomic
    def _turn(
        self, request: HttpRequest, threads: QuerySet[Thread], act: AuditAction, **state: Any
    ) -> int:
        lines = [audit.AuditRecord(act, thread.site_id, thread.pk) for thread in threads]
        Thread.objects.filter(pk__in=[line.subject for line in lines]).update(**state)
        audit.record_all(lines, by=user_of(request), now=timezone.now())
        return len(lines)
