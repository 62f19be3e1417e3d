"""Pages of bulk decisions: confirm and start, follow the progress, cancel, undo."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from comments.http.pagination import CursorPaginator
from comments.models import Role
from moderation.decisions.proposals import DecisionRefused
from moderation.models import BulkItem, BulkJob
from moderation.review.queue import bulk, queue, refusal_reasons
from moderation.review.queue.refusal_reasons import ReasonUnknown
from moderation.rules.verdicts import Verdict
from moderation.web.desk.base.permissions import DetailAdmin, sites_of, user_of
from moderation.web.desk.base.requests import return_url
from moderation.web.desk.base.wording import problem_in_words, verdict_in_words
from moderation.web.desk.queue import filters
from moderation.web.desk.queue.responses import keep_typed, refused, succeeded, typed_before

SAMPLE_SIZE = 5
MAX_TEXT_LENGTH = 5000


@admin.register(BulkJob)
class JobAdmin(DetailAdmin):
    """The user's own bulk decisions."""

    may_change = False
    may_add = True
    detail_template = "desk/bulk_job.html"
    when_empty = _("Nothing was decided in bulk. In the queue, “Decide about all…” does it.")
    list_display = ("what", "state", "done", "refused", "total", "started_at")
    list_filter = ("state",)
    ordering = ("-id",)

    @admin.display(description=_("decision"))
    def what(self, job: BulkJob) -> str:
        """Return the job's verdict, or "Undo"."""
        return verdict_in_words(job.verdict) if job.verdict else gettext("Undo")

    def get_queryset(self, request: HttpRequest) -> QuerySet[BulkJob]:
        """Return the user's own jobs."""
        return BulkJob.objects.filter(moderator=user_of(request))

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs of a job's progress and buttons."""
        view = self.admin_site.admin_view
        own = [
            path(
                "<uuid:pk>/progress/", view(require_GET(progress)), name="moderation_job_progress"
            ),
            path("<uuid:pk>/cancel/", view(require_POST(cancel)), name="moderation_job_cancel"),
            path(
                "<uuid:pk>/undo-as-one/",
                view(require_POST(undo_as_one)),
                name="moderation_undo_as_one",
            ),
            path("<uuid:pk>/undo/", view(require_POST(undo)), name="moderation_job_undo"),
        ]
        return [*own, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the matching comments for confirmation, and start the job once confirmed."""
        if request.method == "POST":
            return _start(request)
        sites, now = list(sites_of(request, Role.MODERATOR)), timezone.now()
        if not sites:
            raise Http404
        queue_filters = filters.parse(request.GET)
        matching = queue.select(queue_filters, sites=sites, user=user_of(request), now=now)
        sample = matching.order_by(*queue.ORDERS["priority"]).with_comments()[:SAMPLE_SIZE]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Decide about all that match"),
            "number": matching.count(),
            "typed": typed_before(request, "bulk"),
            "sample": sample,
            "chips": filters.chips(queue_filters, sites=sites),
            "chosen": queue_filters.to_json().items(),
            "query_string": filters.to_query_string(queue_filters.to_json()),
            "reasons": refusal_reasons.common(
                matching.order_by("site").values_list("site", flat=True).distinct()
            ),
            "verdicts": [(v.value, verdict_in_words(v)) for v in Verdict if v is not Verdict.HOLD],
        }
        return TemplateResponse(request, "desk/bulk_job_new.html", context)

    def detail(self, request: HttpRequest, row: BulkJob) -> dict[str, Any]:
        """Return a job's progress and the result for each comment."""
        pages = CursorPaginator()
        items = BulkItem.objects.filter(job=row).select_related("comment", "decision")
        page = pages.page_for_html(items, request)
        return {
            "title": gettext("%(what)s: %(number)s comments")
            % {"what": self.what(row), "number": row.total},
            "verdict": self.what(row),
            "job": row,
            "reason": refusal_reasons.label(row.reason, _sites(row, request)),
            "progress": _progress(row),
            "chips": filters.chips(_queue_filters(row), sites=list(sites_of(request))),
            "items": [(item, _came_of(item)) for item in page],
            "may_undo": bulk.may_undo(row),
            "newer": pages.get_previous_link(),
            "older": pages.get_next_link(),
        }


def _came_of(item: BulkItem) -> str:
    """Return why a comment could not be decided, or what was decided about it."""
    decided = verdict_in_words(item.decision.verdict) if item.decision else ""
    return problem_in_words(item.problem) or decided


def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return a job's progress as JSON."""
    return JsonResponse(_progress(_job(request, pk)))


def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cancel a job; the decisions it has made stay."""
    job = _job(request, pk)
    try:
        bulk.cancel(job, now=timezone.now())
        messages.success(request, gettext("Stopped. What was decided stays, and can be undone."))
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
    return _to_job_page(job)


def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Start a job that undoes a job's decisions as far as they are still effective."""
    job = _job(request, pk)
    try:
        job = bulk.undo(job, moderator=user_of(request), now=timezone.now())
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
    return _to_job_page(job)


def undo_as_one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo what was decided about near-duplicates as one."""
    job = _job(request, pk)
    comment = job.repeats.comment_id if job.repeats else None
    try:
        undone = bulk.undo(job, moderator=user_of(request), now=timezone.now())
    except DecisionRefused as refusal:
        if comment is None:
            raise Http404 from None
        return refused(request, refusal, comment)
    return succeeded(
        request,
        gettext("Undone: %(number)s. What counted before counts again.") % {"number": undone.total},
        comment=comment,
    )


def _start(request: HttpRequest) -> HttpResponse:
    try:
        verdict = Verdict(request.POST.get("verdict", ""))
    except ValueError:
        messages.warning(request, gettext("Choose what to decide."))
        return _ask_again(request)
    if not request.POST.get("sure"):
        messages.warning(request, gettext("Confirm that all of them are meant."))
        return _ask_again(request)
    try:
        job = bulk.start(
            filters.parse(request.POST),
            verdict=verdict,
            reasoning=request.POST.get("reasoning", "")[:MAX_TEXT_LENGTH],
            # `reason` is a filter of the queue.
            reason=request.POST.get("refusal", ""),
            moderator=user_of(request),
            now=timezone.now(),
        )
    except ReasonUnknown as refusal:
        messages.warning(request, str(refusal))
        return _ask_again(request)
    return _to_job_page(job)


def _ask_again(request: HttpRequest) -> HttpResponse:
    """Lead back to the form, which has what was typed."""
    keep_typed(request, "bulk")
    return HttpResponseRedirect(return_url(request, request.POST.get("here", "")))


def _progress(job: BulkJob) -> dict[str, Any]:
    """Return a job's progress, as the page shows it and its script polls it."""
    processed = job.done + job.refused
    numbers = {
        "state": job.get_state_display(),
        "processed": number_format(processed, force_grouping=True),
        "total": number_format(job.total, force_grouping=True),
        "refused": number_format(job.refused, force_grouping=True),
    }
    words = gettext("%(state)s: %(processed)s of %(total)s")
    if job.refused:
        words = gettext(
            "%(state)s: %(processed)s of %(total)s, of which could not be decided: %(refused)s"
        )
    return {
        "state": job.state,
        "processed": processed,
        "total": job.total,
        "message": words % numbers,
    }


def _queue_filters(job: BulkJob) -> queue.QueueFilters:
    stored = {name: value for name, value in job.filters.items() if name != "ban"}
    return queue.QueueFilters(**stored)


def _sites(job: BulkJob, request: HttpRequest) -> list[UUID]:
    of_filter = {"slug": slug} if (slug := job.filters.get("site")) else {}
    return list(sites_of(request).filter(**of_filter).values_list("pk", flat=True))


def _job(request: HttpRequest, pk: UUID) -> BulkJob:
    return get_object_or_404(BulkJob, pk=pk, moderator=user_of(request))


def _to_job_page(job: BulkJob) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:moderation_bulkjob_change", args=[job.pk]))
