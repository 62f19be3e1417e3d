"""Admin of imports and exports: jobs that owners start and watch."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from comments.formats import formats
from comments.models import Role
from moderation.intake.transfers import jobs
from moderation.models import Transfer, TransferKind, TransferState
from moderation.web.desk.base.permissions import ScopedAdmin

OPEN = (TransferState.WAITING, TransferState.RUNNING)


class TransferForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new import or export."""

    file = forms.FileField(required=False, help_text="To bring in: the file, plain or compressed.")
    format = forms.ChoiceField(
        choices=[(name, name) for name in (formats.AUTO, *formats.IMPORT_FORMATS)],
        initial=formats.AUTO,
        widget=UnfoldAdminSelectWidget,
        help_text="auto recognises what comes in; what goes out is native, wordpress or disqus.",
    )
    base_url = forms.CharField(
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextInputWidget,
        help_text="To bring in: is put before addresses that lack a host (Isso).",
    )

    class Meta:
        model = Transfer
        fields = ("site", "kind", "format", "base_url", "dry_run", "with_addresses")

    def clean(self) -> dict[str, Any]:
        """Return the data when a file comes with an import, and a format with an export."""
        data = super().clean() or {}
        if data.get("kind") == TransferKind.IMPORT:
            if not data.get("file"):
                self.add_error("file", "Choose the file to bring in.")
            elif data["file"].size > jobs.MAX_BYTES:
                self.add_error("file", f"A file may have {jobs.MAX_BYTES} bytes at most.")
        elif data.get("format") == formats.AUTO:
            data["format"] = "native"
        elif data.get("format") not in formats.EXPORT_FORMATS:
            self.add_error("format", f"What goes out is {', '.join(formats.EXPORT_FORMATS)}.")
        return data


@admin.register(Transfer)
class TransferAdmin(ScopedAdmin):
    """Imports and exports of comments, which owners start."""

    seen_by = role = Role.OWNER
    may_add = is_append_only = True
    form = TransferForm
    list_display = ("kind", "format", "site", "progress", "created", "problem_count", "created_at")
    list_filter = ("kind", ("site", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("site",)
    ordering = ("-id",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return the fields of the form for a new transfer, or the progress of a stored one."""
        if obj is None:
            return (
                "site", "kind", "file", "format", "base_url", "dry_run", "with_addresses",
            )  # fmt: skip
        progress = ("site", "kind", "format", "dry_run", "progress", "error", "created_at")
        if obj.kind == TransferKind.EXPORT:
            return (*progress, "finished_at", "result")
        return (*progress, "finished_at", "created", "skipped", "threads", "named_problems")

    def get_urls(self) -> list[URLPattern]:
        """Add the URL of an export's file."""
        view = self.admin_site.admin_view(self.file)
        own = path("<uuid:pk>/file/", view, name="comments_transfer_file")
        urls: list[URLPattern] = super().get_urls()
        return [own, *urls]

    def save_model(self, request: HttpRequest, obj: Transfer, form: Any, change: bool) -> None:
        """Start the transfer."""
        data, now = form.cleaned_data, timezone.now()
        if obj.kind == TransferKind.IMPORT:
            with jobs.stored_upload(_pieces(data["file"])) as file:
                started = jobs.start_import(
                    obj.site,
                    file,
                    name=data["format"],
                    base_url=data["base_url"],
                    dry_run=data["dry_run"],
                    now=now,
                )
        else:
            started = jobs.start_export(
                obj.site, name=data["format"], with_addresses=data["with_addresses"], now=now
            )
        obj.pk = started.pk
        obj.refresh_from_db()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **options: Any
    ) -> HttpResponse:
        """Reload the page every few seconds while the transfer goes on."""
        page: HttpResponse = super().render_change_form(request, context, **options)
        transfer = options.get("obj")
        if transfer and transfer.state in OPEN:
            page["Refresh"] = "3"
        return page

    def file(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        """Send the file of an export."""
        mine = self.get_queryset(request)
        found = mine.select_related("site").filter(pk=pk, kind=TransferKind.EXPORT).first()
        if found is None:
            raise Http404
        try:
            file = jobs.download(found)
        except jobs.FileNotReady:
            raise Http404 from None
        return FileResponse(file.path.open("rb"), as_attachment=True, filename=file.name)

    @admin.display
    def progress(self, transfer: Transfer) -> str:
        """Return a progress bar with the state in words."""
        state = transfer.get_state_display()
        if transfer.state not in OPEN:
            return state
        bar = '<progress max="100" value="{}"></progress> {} %, {}'
        return format_html(bar, transfer.percent, transfer.percent, state.lower())

    @admin.display(description="file")
    def result(self, transfer: Transfer) -> str:
        """Return a link to the file, for as long as it is stored."""
        try:
            jobs.download(transfer)
        except jobs.FileNotReady as error:
            return str(error)
        where = reverse("admin:comments_transfer_file", args=[transfer.pk])
        return format_html('<a class="underline" href="{}">Download</a>', where)

    @admin.display(description="problems")
    def named_problems(self, transfer: Transfer) -> str:
        """Return the records that could not be read, a line each."""
        lines = ((line,) for line in transfer.problems)
        return format_html_join("\n", "<p>{}</p>", lines) or "none"


def _pieces(file: Any) -> Iterator[bytes]:
    yield from file.chunks()
