"""Bulk decisions: start, cancel and undo a job that decides about all matching comments."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from comments.models import Role, Site, User
from moderation.decisions import audit
from moderation.decisions.proposals import DecisionRefused
from moderation.models import AuditAction, BulkJob, JobState
from moderation.review.queue import queue, tasks
from moderation.review.queue.queue import QueueFilters
from moderation.rules.verdicts import Verdict


class JobFinished(DecisionRefused):
    """The job has ended or was undone, or is still running when it must have ended."""

    code = "job-ended"


@transaction.atomic
def start(
    filters: QueueFilters, *, verdict: Verdict, moderator: User, now: datetime, reasoning: str = ""
) -> BulkJob:
    """Start a background job that decides about all queued comments that match; return it at once.

    Comments that enter the queue later are not affected.
    """
    sites = list(Site.objects.of(moderator, Role.at_least(Role.MODERATOR)))
    matching = queue.select(filters, sites=sites, user=moderator, now=now)
    job = BulkJob.objects.create(
        moderator=moderator,
        filters=filters.to_json(),
        verdict=verdict,
        reasoning=reasoning,
        total=matching.count(),
        started_at=now,
    )
    detail = {"verdict": verdict, "total": job.total, "filters": job.filters}
    _record(AuditAction.BULK_STARTED, job, sites=_affected(filters, sites), now=now, detail=detail)
    tasks.enqueue_bulk_job(job.pk)
    return job


@transaction.atomic
def cancel(job: BulkJob, *, now: datetime) -> BulkJob:
    """Stop a job; the decisions it has made stay. Raises JobFinished."""
    job = BulkJob.objects.select_for_update().get(pk=job.pk)
    if job.state != JobState.RUNNING:
        raise JobFinished("This job has ended already.")
    job.state, job.finished_at = JobState.CANCELLED, now
    job.save(update_fields=["state", "finished_at"])
    sites = list(Site.objects.of(job.moderator, Role.at_least(Role.MODERATOR)))
    affected = _affected(_site_filter(job), sites)
    _record(AuditAction.BULK_CANCELLED, job, sites=affected, now=now, detail={})
    return job


@transaction.atomic
def undo(job: BulkJob, *, moderator: User, now: datetime) -> BulkJob:
    """Start a background job that undoes a job's decisions as far as they are still effective.

    Raises JobFinished when the job is still running, itself undoes another, or was undone.
    """
    job = BulkJob.objects.select_for_update().get(pk=job.pk)
    if job.state == JobState.RUNNING:
        raise JobFinished("This job is still running: cancel it first.")
    if not may_undo(job):
        raise JobFinished("This job was undone already.")
    undo_job = BulkJob.objects.create(
        moderator=moderator, undoes=job, total=job.done, started_at=now
    )
    sites = list(Site.objects.of(moderator, Role.at_least(Role.MODERATOR)))
    affected = _affected(_site_filter(job), sites)
    _record(AuditAction.BULK_UNDONE, job, sites=affected, now=now, detail={"total": job.done})
    tasks.enqueue_bulk_job(undo_job.pk)
    return undo_job


def may_undo(job: BulkJob) -> bool:
    """Return whether a job has ended and can be undone: once, and not one that itself undoes."""
    undone = job.undoes_id or BulkJob.objects.filter(undoes=job).exists()
    return job.state != JobState.RUNNING and not undone


def _site_filter(job: BulkJob) -> QueueFilters:
    return QueueFilters(site=job.filters.get("site", ""))


def _affected(filters: QueueFilters, sites: Iterable[Site]) -> list[Site]:
    return [site for site in sites if filters.site in ("", site.slug)]


def _record(
    action: AuditAction,
    job: BulkJob,
    *,
    sites: Iterable[Site],
    now: datetime,
    detail: dict[str, object],
) -> None:
    for site in sites:
        audit.record(action, site=site, by=job.moderator, now=now, subject=job.pk, detail=detail)
