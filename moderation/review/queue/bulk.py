"""Bulk decisions: start, cancel and undo a job that decides about all matching comments."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Role, Site, User
from comments.models.row_limits import require_room
from moderation.decisions import audit
from moderation.decisions.proposals import DecisionRefused
from moderation.models import AuditAction, BulkItem, BulkJob, Decision, JobState
from moderation.review.queue import bulk_worker, queue, refusal_reasons, tasks
from moderation.review.queue.queue import QueueFilters
from moderation.rules.outcomes import VERDICTS_RESTRICTING
from moderation.rules.verdicts import Verdict

MOST_RUNNING = 20


class JobFinished(DecisionRefused):
    """The job has ended or was undone, or is still running when it must have ended."""

    code = "job-ended"


@transaction.atomic
def start(
    filters: QueueFilters,
    *,
    verdict: Verdict,
    moderator: User,
    now: datetime,
    reasoning: str = "",
    reason: str = "",
) -> BulkJob:
    """Start a background job that decides about all queued comments that match; return it at once.

    Comments that enter the queue later are not affected. `reason` is the key of a reason for
    refusals; comments of a site without it are refused singly. Raises LimitReached while the
    moderator has MOST_RUNNING jobs, and ReasonUnknown where none of the sites has the reason.
    """
    reason = reason if verdict in VERDICTS_RESTRICTING else ""
    job = BulkJob(moderator=moderator, verdict=verdict, reasoning=reasoning, reason=reason)
    return _begin(job, filters, now=now)


@transaction.atomic
def repeat(decision: Decision, filters: QueueFilters, *, moderator: User, now: datetime) -> BulkJob:
    """Start a job that repeats a decision for all that match; it is undone with them.

    Raises LimitReached as `start` does.
    """
    job = BulkJob(
        moderator=moderator,
        verdict=decision.verdict,
        reasoning=decision.reasoning,
        repeats=decision,
        done=1,
    )
    return _begin(job, filters, now=now)


def _begin(job: BulkJob, filters: QueueFilters, *, now: datetime) -> BulkJob:
    running = BulkJob.objects.filter(moderator=job.moderator, state=JobState.RUNNING)
    require_room(running, most=MOST_RUNNING, what=_("running jobs of yours"))
    sites = list(Site.objects.of(job.moderator, Role.at_least(Role.MODERATOR)))
    job.filters, job.started_at = filters.to_json(), now
    if job.reason:
        lists = refusal_reasons.offered(site.pk for site in _affected(job, sites))
        refusal_reasons.find(job.reason, chain.from_iterable(lists.values()))
    matching = queue.select(filters, sites=sites, user=job.moderator, now=now)
    matching = matching.filter(opened_at__lte=now)
    job.total = job.done + matching.count()
    job.save()
    if job.repeats:
        BulkItem.objects.create(job=job, comment_id=job.repeats.comment_id, decision=job.repeats)
    detail = {
        "verdict": job.verdict,
        "total": job.total,
        "filters": job.filters,
        **({"reason": job.reason} if job.reason else {}),
    }
    reached = set(matching.values_list("site", flat=True)) if job.repeats else set()
    affected = _affected(job, sites, beside=reached)
    _record(AuditAction.BULK_STARTED, job, sites=affected, now=now, detail=detail)
    tasks.enqueue_bulk_job(job.pk)
    return job


@transaction.atomic
def cancel(job: BulkJob, *, now: datetime) -> BulkJob:
    """Stop a job; the decisions it has made stay. Raises JobFinished."""
    job = BulkJob.objects.select_for_update().get(pk=job.pk)
    if job.state != JobState.RUNNING:
        raise JobFinished(gettext("This job has ended already."))
    job.state, job.finished_at = JobState.CANCELLED, now
    job.save(update_fields=["state", "finished_at"])
    sites = list(Site.objects.of(job.moderator, Role.at_least(Role.MODERATOR)))
    _record(AuditAction.BULK_CANCELLED, job, sites=_affected(job, sites), now=now)
    return job


@transaction.atomic
def undo(job: BulkJob, *, moderator: User, now: datetime) -> BulkJob:
    """Start a background job that undoes a job's decisions as far as they are still effective.

    Raises JobFinished when the job is still running, itself undoes another, or was undone.
    """
    job = BulkJob.objects.select_for_update().get(pk=job.pk)
    if job.state == JobState.RUNNING:
        raise JobFinished(gettext("This job is still running: cancel it first."))
    if not may_undo(job):
        raise JobFinished(gettext("This job was undone already."))
    undo_job = BulkJob.objects.create(
        moderator=moderator, undoes=job, total=job.done, started_at=now
    )
    sites = list(Site.objects.of(moderator, Role.at_least(Role.MODERATOR)))
    detail: dict[str, object] = {"total": job.done}
    _record(AuditAction.BULK_UNDONE, job, sites=_affected(job, sites), now=now, detail=detail)
    tasks.enqueue_bulk_job(undo_job.pk)
    if job.repeats_id:
        # As it was done: most of them at once.
        bulk_worker.run(undo_job.pk, now=now)
        undo_job.refresh_from_db()
    return undo_job


def may_undo(job: BulkJob) -> bool:
    """Return whether a job has ended and can be undone: once, and not one that itself undoes."""
    undone = job.undoes_id or BulkJob.objects.filter(undoes=job).exists()
    return job.state != JobState.RUNNING and not undone


def _affected(job: BulkJob, sites: Iterable[Site], *, beside: Collection[UUID] = ()) -> list[Site]:
    """Return the sites in whose audit trails a job is; of near-duplicates, where there are any."""
    if job.repeats_id:
        decided = BulkItem.objects.filter(job=job).values_list("comment__site", flat=True)
        reached = {*decided.distinct(), *beside}
        return [site for site in sites if site.pk in reached]
    return [site for site in sites if job.filters.get("site", "") in ("", site.slug)]


def _record(
    action: AuditAction,
    job: BulkJob,
    *,
    sites: Iterable[Site],
    now: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    for site in sites:
        audit.record(action, site=site, by=job.moderator, now=now, subject=job.pk, detail=detail)
