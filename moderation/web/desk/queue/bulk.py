"""Bulk decisions: asked once, done by a worker, watched on a page, taken back as a whole."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from comments.http.pagination import CursorPaginator
from comments.models import Role
from moderation.decisions.proposals import DecisionRefused
from moderation.models import BulkItem, BulkJob
from moderation.review import bulk, queue
from moderation.rules.verdicts import Verdict
from moderation.web.desk.base.permissions import DetailAdmin, sites_of, user_of
from moderation.web.desk.base.wording import problem_in_words
from moderation.web.desk.queue import filters
from moderation.web.desk.queue.responses import way_back

SAMPLE = 5
LONGEST = 5000


@admin.register(BulkJob)
class JobAdmin(DetailAdmin):
    """The user's own bulk decisions."""

    may_change = False
    may_add = True
    detail_template = "desk/job.html"
    list_display = ("what", "state", "done", "refused", "total", "started_at")
    list_filter = ("state",)
    ordering = ("-id",)

    @admin.display(description="decision")
    def what(self, job: BulkJob) -> str:
        """Return what is decided."""
        return job.get_verdict_display() if job.verdict else "Undo"

    def get_queryset(self, request: HttpRequest) -> QuerySet[BulkJob]:
        """Return the user's own."""
        return BulkJob.objects.filter(moderator=user_of(request))

    def get_urls(self) -> list[URLPattern]:
        """Add the progress and the buttons of a job."""
        view = self.admin_site.admin_view
        own = [
            path(
                "<uuid:pk>/progress/", view(require_GET(progress)), name="moderation_job_progress"
            ),
            path("<uuid:pk>/cancel/", view(require_POST(cancel)), name="moderation_job_cancel"),
            path("<uuid:pk>/undo/", view(require_POST(undo)), name="moderation_job_undo"),
        ]
        return [*own, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask whether all that matches is meant, and begin when it is confirmed."""
        if request.method == "POST":
            return _begin(request)
        sites, now = list(sites_of(request, Role.MODERATOR)), timezone.now()
        if not sites:
            raise Http404
        part = filters.wanted(request.GET)
        matching = queue.select(part, sites=sites, user=user_of(request), now=now)
        sample = matching.order_by(*queue.ORDERS["priority"]).with_comments()[:SAMPLE]
        context = {
            **self.admin_site.each_context(request),
            "title": "Decide about all that match",
            "number": matching.count(),
            "sample": sample,
            "chips": filters.chips(part, sites=sites),
            "chosen": part.to_json().items(),
            "asked": filters.query(part.to_json()),
            "verdicts": [(v.value, v.capitalize()) for v in Verdict if v is not Verdict.HOLD],
        }
        return TemplateResponse(request, "desk/job_new.html", context)

    def detail(self, request: HttpRequest, row: BulkJob) -> dict[str, Any]:
        """Return the progress of a job, and its result for each comment."""
        pages = CursorPaginator()
        items = BulkItem.objects.filter(job=row).select_related("comment", "decision")
        page = pages.page_for_html(items, request)
        return {
            "title": f"{self.what(row)}: {row.total} comments",
            "job": row,
            "told": _told(row),
            "chips": filters.chips(_part(row), sites=list(sites_of(request))),
            "items": [(item, problem_in_words(item.problem)) for item in page],
            "may_undo": bulk.may_undo(row),
            "newer": pages.get_previous_link(),
            "older": pages.get_next_link(),
        }


def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return how far a job is."""
    return JsonResponse(_told(_job(request, pk)))


def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop a job where it is."""
    job = _job(request, pk)
    try:
        bulk.cancel(job, now=timezone.now())
        messages.success(request, "Stopped. What was decided stays, and can be undone.")
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
    return _to_page(job)


def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back all of a job that still stands, as a job of its own."""
    job = _job(request, pk)
    try:
        job = bulk.undo(job, moderator=user_of(request), now=timezone.now())
    except DecisionRefused as refusal:
        messages.warning(request, str(refusal))
    return _to_page(job)


def _begin(request: HttpRequest) -> HttpResponse:
    try:
        verdict = Verdict(request.POST.get("verdict", ""))
    except ValueError:
        messages.warning(request, "Choose what to decide.")
        return HttpResponseRedirect(way_back(request, request.POST.get("here", "")))
    if not request.POST.get("sure"):
        messages.warning(request, "Confirm that all of them are meant.")
        return HttpResponseRedirect(way_back(request, request.POST.get("here", "")))
    job = bulk.start(
        filters.wanted(request.POST),
        verdict=verdict,
        reasoning=request.POST.get("reasoning", "")[:LONGEST],
        moderator=user_of(request),
        now=timezone.now(),
    )
    return _to_page(job)


def _told(job: BulkJob) -> dict[str, Any]:
    """Return a job's progress as its page shows it."""
    seen = job.done + job.refused
    words = f"{job.get_state_display()}: {seen:,} of {job.total:,}"
    refused = f", {job.refused:,} of them could not be decided" if job.refused else ""
    return {"state": job.state, "seen": seen, "total": job.total, "words": words + refused}


def _part(job: BulkJob) -> queue.QueueFilters:
    known = {name: value for name, value in job.filters.items() if name != "ban"}
    return queue.QueueFilters(**known)


def _job(request: HttpRequest, pk: UUID) -> BulkJob:
    return get_object_or_404(BulkJob, pk=pk, moderator=user_of(request))


def _to_page(job: BulkJob) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:moderation_bulkjob_change", args=[job.pk]))
