"""Run bulk jobs in chunks; when a worker dies, another one resumes at the job's cursor."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from comments.models import Comment, Role, Site
from moderation.decisions.decide import decide
from moderation.decisions.proposals import DecisionRefused, Proposal, undo_request
from moderation.models import Ban, BulkItem, BulkJob, Decision, JobState
from moderation.review.queue import queue
from moderation.review.queue.actions import DecisionRequest, propose
from moderation.review.queue.queue import QueueFilters
from moderation.rules.causes import Cause
from moderation.rules.verdicts import Verdict

CHUNK = 200


def run(job_id: UUID, *, now: datetime) -> bool:
    """Process the next chunk of a job; return whether anything is left of it.

    The chunk's decisions and the new cursor are stored in one transaction. A job that another
    worker has locked, or that was cancelled, is skipped.
    """
    with transaction.atomic():
        running = BulkJob.objects.select_for_update(skip_locked=True, of=("self",))
        job = running.filter(pk=job_id, state=JobState.RUNNING).first()
        if job is None:
            return False
        proposed = _undo_proposals(job) if job.undoes_id else _proposals(job)
        results = iter(decide([p for p in proposed.values() if isinstance(p, Proposal)], now=now))
        _record_items(
            job,
            {pk: next(results) if isinstance(p, Proposal) else p for pk, p in proposed.items()},
        )
        if len(proposed) < CHUNK:
            job.state, job.finished_at = JobState.DONE, now
        job.save()
    return job.state == JobState.RUNNING


def unfinished() -> list[UUID]:
    """Return the ids of the running jobs, the oldest first."""
    running = BulkJob.objects.filter(state=JobState.RUNNING).order_by("id")
    return list(running.values_list("pk", flat=True))


def _proposals(job: BulkJob) -> Mapping[UUID, Proposal | DecisionRefused]:
    """Return the proposals of the next chunk by comment, or why there is none."""
    comments = _chunk(job, _matching(job)).in_bulk()
    requests = [
        DecisionRequest(
            comment_id=pk,
            revision=comments[pk].revision,
            verdict=Verdict(job.verdict),
            reasoning=job.reasoning,
            reason=job.reason,
        )
        for pk in sorted(comments)
    ]
    return {
        request.comment_id: _of_job(job, proposal) if isinstance(proposal, Proposal) else proposal
        for request, proposal in zip(
            requests, propose(requests, moderator=job.moderator), strict=True
        )
    }


def _of_job(job: BulkJob, proposal: Proposal) -> Proposal:
    # Many at once were not read one by one.
    proposal = replace(proposal, is_lesson=False)
    if job.repeats is None:
        return proposal
    return replace(
        proposal,
        cause=Cause(job.repeats.cause) if job.repeats.cause else None,
        refusal_reason=job.repeats.refusal_reason,
        is_illegal=job.repeats.is_illegal,
    )


def _matching(job: BulkJob) -> QuerySet[Comment]:
    """Return the comments that match the job's filters and that its moderator may still decide."""
    sites = list(Site.objects.of(job.moderator, Role.at_least(Role.MODERATOR)))
    if "ban" in job.filters:
        return _matching_ban(job, sites)
    waiting = queue.select(
        QueueFilters(**job.filters), sites=sites, user=job.moderator, now=job.started_at
    ).filter(opened_at__lte=job.started_at)
    return Comment.objects.filter(pk__in=waiting.values("comment"))


def _matching_ban(job: BulkJob, sites: Sequence[Site]) -> QuerySet[Comment]:
    ban = Ban.objects.filter(pk=job.filters["ban"], site__in=sites).first()
    if ban is None:
        return Comment.objects.none()
    return ban.retroactive_comments(until=job.started_at)


def _chunk(job: BulkJob, comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Return the next chunk of the comments, in the order of their ids, after the job's cursor."""
    if job.cursor:
        comments = comments.filter(pk__gt=job.cursor)
    ids = list(comments.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    return Comment.objects.filter(pk__in=ids)


def _undo_proposals(job: BulkJob) -> Mapping[UUID, Proposal | DecisionRefused]:
    done = BulkItem.objects.filter(job=job.undoes_id).exclude(decision=None)
    if job.cursor:
        done = done.filter(comment__gt=job.cursor)
    ids = list(done.order_by("comment_id").values_list("decision", flat=True)[:CHUNK])
    decisions = Decision.objects.select_related("overrides").in_bulk(ids)
    undone = (decisions[pk] for pk in ids)
    return {one.comment_id: undo_request(one, moderator=job.moderator) for one in undone}


def _record_items(job: BulkJob, results: Mapping[UUID, Decision | DecisionRefused]) -> None:
    """Store the results by comment, which are in the order of the ids."""
    items = [
        BulkItem(job=job, comment_id=comment, problem=result.code)
        if isinstance(result, DecisionRefused)
        else BulkItem(job=job, comment_id=comment, decision=result)
        for comment, result in results.items()
    ]
    BulkItem.objects.bulk_create(items)
    job.refused += sum(bool(item.problem) for item in items)
    job.done += sum(not item.problem for item in items)
    if items:
        job.cursor = items[-1].comment_id
