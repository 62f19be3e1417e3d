"""Admin of imports and exports: jobs that owners start and watch."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.formats import formats
from comments.models import Role
from moderation.intake.transfers import files, jobs, quotas, report, sentences
from moderation.intake.transfers.report import Outcome
from moderation.models import Transfer, TransferKind
from moderation.models.transfer import OPEN_STATES
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import ScopedAdmin, user_of
from moderation.web.desk.site.transfer_form import TransferForm, format_name

RECOGNISED = _("Recognised from the file")
# As unfold's own buttons that save a form.
BUTTON = (
    "font-medium px-3 py-2 rounded-default whitespace-nowrap cursor-pointer border "
    "bg-primary-600 border-transparent text-white"
)


@admin.register(Transfer)
class TransferAdmin(ScopedAdmin):
    """Imports and exports of comments, which owners start."""

    when_empty = _(
        "Nothing was moved yet. Bring comments in from another system, or take them out."
    )
    seen_by = role = Role.OWNER
    may_add = is_append_only = True
    form = TransferForm
    list_display = (
        "kind",
        "file_format",
        "site",
        "progress",
        "created",
        "problem_count",
        "created_at",
    )
    list_filter = ("kind", ("site", SiteListFilter))
    list_select_related = ("site",)
    ordering = ("-id",)
    actions = ("cancel",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return the fields of the form for a new transfer, or the progress of a stored one."""
        if obj is None:
            return (
                "site", "kind", "file", "format", "dry_run", "base_url", "address_map", "https",
                "identifiers", "also", "columns", "text_format", "with_addresses",
            )  # fmt: skip
        progress = ("site", "kind", "file_format", "dry_run", "progress", "failure", "created_at")
        if obj.kind == TransferKind.EXPORT:
            return (*progress, "finished_at", "result")
        outcome = ("outcome", "met", "named_problems", "next_step")
        return (*progress, "finished_at", *outcome)

    def get_urls(self) -> list[URLPattern]:
        """Add the URL of an export's file, and that which starts a checked import."""
        file, start = map(self.admin_site.admin_view, (self.file, self.start_checked))
        own = [
            path("<uuid:pk>/file/", file, name="comments_transfer_file"),
            path("<uuid:pk>/start/", start, name="comments_transfer_start"),
        ]
        urls: list[URLPattern] = super().get_urls()
        return [*own, *urls]

    @admin.action(description=_("Cancel"))
    def cancel(self, request: HttpRequest, queryset: QuerySet[Transfer]) -> None:
        """Cancel the chosen transfers that have not ended."""
        for transfer in self.changeable(queryset, request):
            try:
                jobs.cancel(transfer, now=timezone.now(), by=user_of(request))
            except jobs.TransferEnded as error:
                messages.error(request, f"{transfer}: {sentences.in_words(str(error))}")
            else:
                text = gettext("%(transfer)s is cancelled.")
                messages.success(request, text % {"transfer": transfer})

    def save_model(self, request: HttpRequest, obj: Transfer, form: Any, change: bool) -> None:
        """Start the transfer."""
        data, now, by = form.cleaned_data, timezone.now(), user_of(request)
        if obj.kind == TransferKind.IMPORT:
            with files.stored_upload(_pieces(data["file"])) as file:
                started = jobs.start_import(
                    obj.site,
                    file,
                    name=data["format"],
                    base_url=data["base_url"],
                    dry_run=data["dry_run"],
                    options=form.options().to_json(),
                    by=by,
                    now=now,
                )
        else:
            with_addresses = data["with_addresses"]
            started = jobs.start_export(
                obj.site, name=data["format"], with_addresses=with_addresses, by=by, now=now
            )
        obj.pk = started.pk
        obj.refresh_from_db()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **options: Any
    ) -> HttpResponse:
        """Reload the page every few seconds while the transfer goes on."""
        page: HttpResponse = super().render_change_form(request, context, **options)
        transfer = options.get("obj")
        if transfer and transfer.state in OPEN_STATES:
            page["Refresh"] = "3"
        return page

    def file(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        """Send the file of an export."""
        mine = self.get_queryset(request)
        found = mine.select_related("site").filter(pk=pk, kind=TransferKind.EXPORT).first()
        if found is None:
            raise Http404
        try:
            file = jobs.download(found, by=user_of(request), now=timezone.now())
        except jobs.FileNotReady:
            raise Http404 from None
        return FileResponse(file.path.open("rb"), as_attachment=True, filename=file.name)

    def start_checked(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """Start the import of the file that a dry run has read, and show it."""
        found = self.changeable(self.get_queryset(request), request).filter(pk=pk).first()
        if found is None or request.method != "POST":
            raise Http404
        started = found
        try:
            started = jobs.start_checked(found, by=user_of(request), now=timezone.now())
        except (jobs.FileNotReady, quotas.QuotaUsed) as error:
            messages.error(request, str(error))
        return redirect("admin:moderation_transfer_change", started.pk)

    @admin.display(description=_("format"))
    def file_format(self, transfer: Transfer) -> str:
        """Return the name of the format."""
        return str(RECOGNISED) if transfer.format == formats.AUTO else format_name(transfer.format)

    @admin.display(description=_("progress"))
    def progress(self, transfer: Transfer) -> str:
        """Return a progress bar with the state in words."""
        state = transfer.get_state_display()
        if transfer.state not in OPEN_STATES:
            return state
        bar = '<progress max="100" value="{}"></progress> {} %, {}'
        return format_html(bar, transfer.percent, transfer.percent, state.lower())

    @admin.display(description=_("error"))
    def failure(self, transfer: Transfer) -> str:
        """Return why the transfer failed, in the language of who looks."""
        return sentences.in_words(transfer.error)

    @admin.display(description=_("file"))
    def result(self, transfer: Transfer) -> str:
        """Return a link to the file, for as long as it is stored."""
        if not jobs.is_ready(transfer):
            return gettext(jobs.NOT_READY)
        where = reverse("admin:comments_transfer_file", args=[transfer.pk])
        return format_html('<a class="underline" href="{}">{}</a>', where, gettext("Download"))

    @admin.display(description=_("what comes in"))
    def outcome(self, transfer: Transfer) -> str:
        """Return what became of the comments of the file, or would become of them."""
        return report.summary(
            Outcome(
                in_file=transfer.in_file,
                created=transfer.created,
                statuses=transfer.statuses,
                threads=transfer.threads,
                skipped_because=transfer.skipped_because,
                problem_count=transfer.problem_count,
                threads_met=transfer.threads_met,
                is_dry_run=transfer.dry_run,
            )
        )

    @admin.display(description=_("pages that are here"))
    def met(self, transfer: Transfer) -> str:
        """Return the first pages of the file that are threads of the site already, a line each."""
        pairs = ((page, thread) for page, thread in transfer.meetings)
        return format_html_join("\n", "<p>{} → {}</p>", pairs) or gettext("none")

    @admin.display(description=_("next"))
    def next_step(self, transfer: Transfer) -> str:
        """Return a button that brings in what a dry run has read, while its file is kept."""
        if not jobs.is_checked(transfer):
            return "—"
        where = reverse("admin:comments_transfer_start", args=[transfer.pk])
        # The page is a form already, of which this button sends the token.
        button = '<button class="{}" formaction="{}">{}</button>'
        return format_html(button, BUTTON, where, gettext("Bring it in"))

    @admin.display(description=_("problems"))
    def named_problems(self, transfer: Transfer) -> str:
        """Return the records that could not be read, a line each."""
        lines = ((sentences.problem_in_words(line),) for line in transfer.problems)
        return format_html_join("\n", "<p>{}</p>", lines) or gettext("none")


def _pieces(file: Any) -> Iterator[bytes]:
    yield from file.chunks()
