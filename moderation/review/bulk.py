"""Bulk decisions: a moderator decides about everything that matches, and may take it back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from comments.models import Role, Site, User
from moderation.decisions import audit
from moderation.decisions.proposals import DecisionRefused
from moderation.models import AuditAction, BulkJob, JobState
from moderation.review import queue, tasks
from moderation.review.queue import QueueFilters
from moderation.rules.verdicts import Verdict


class JobFinished(DecisionRefused):
    """The job has come to its end."""

    code = "job-ended"


@transaction.atomic
def start(
    wanted: QueueFilters, *, verdict: Verdict, moderator: User, now: datetime, reasoning: str = ""
) -> BulkJob:
    """Decide about all that waits and is wanted, as a job of its own; return it at once.

    What enters the queue later is not touched.
    """
    sites = list(Site.objects.of(moderator, Role.at_least(Role.MODERATOR)))
    matching = queue.select(wanted, sites=sites, user=moderator, now=now)
    job = BulkJob.objects.create(
        moderator=moderator,
        filters=wanted.to_json(),
        verdict=verdict,
        reasoning=reasoning,
        total=matching.count(),
        started_at=now,
    )
    detail = {"verdict": verdict, "total": job.total, "filters": job.filters}
    _note(AuditAction.BULK_STARTED, job, sites=_touched(wanted, sites), now=now, detail=detail)
    tasks.enqueue_bulk_job(job.pk)
    return job


@transaction.atomic
def cancel(job: BulkJob, *, now: datetime) -> BulkJob:
    """Stop a job where it is; what it has decided stays. Raises JobFinished."""
    job = BulkJob.objects.select_for_update().get(pk=job.pk)
    if job.state != JobState.RUNNING:
        raise JobFinished("This job has ended already.")
    job.state, job.finished_at = JobState.CANCELLED, now
    job.save(update_fields=["state", "finished_at"])
    sites = list(Site.objects.of(job.moderator, Role.at_least(Role.MODERATOR)))
    touched = _touched(_wanted(job), sites)
    _note(AuditAction.BULK_CANCELLED, job, sites=touched, now=now, detail={})
    return job


@transaction.atomic
def undo(job: BulkJob, *, moderator: User, now: datetime) -> BulkJob:
    """Take back all that a job decided and that still stands, as a job of its own.

    Raises JobFinished when the job is running still, is an undoing, or was undone.
    """
    job = BulkJob.objects.select_for_update().get(pk=job.pk)
    if job.state == JobState.RUNNING:
        raise JobFinished("This job is still running: cancel it first.")
    if not may_undo(job):
        raise JobFinished("This job was undone already.")
    undoing = BulkJob.objects.create(
        moderator=moderator, undoes=job, total=job.done, started_at=now
    )
    sites = list(Site.objects.of(moderator, Role.at_least(Role.MODERATOR)))
    touched = _touched(_wanted(job), sites)
    _note(AuditAction.BULK_UNDONE, job, sites=touched, now=now, detail={"total": job.done})
    tasks.enqueue_bulk_job(undoing.pk)
    return undoing


def may_undo(job: BulkJob) -> bool:
    """Tell whether a job has ended and can be taken back: once, and no undoing."""
    undone = job.undoes_id or BulkJob.objects.filter(undoes=job).exists()
    return job.state != JobState.RUNNING and not undone


def _wanted(job: BulkJob) -> QueueFilters:
    return QueueFilters(site=job.filters.get("site", ""))


def _touched(wanted: QueueFilters, sites: Iterable[Site]) -> list[Site]:
    return [site for site in sites if wanted.site in ("", site.slug)]


def _note(
    act: AuditAction,
    job: BulkJob,
    *,
    sites: Iterable[Site],
    now: datetime,
    detail: dict[str, object],
) -> None:
    for site in sites:
        audit.note(act, site=site, by=job.moderator, now=now, subject=job.pk, detail=detail)
