"""Running bulk jobs, a chunk at a time; a worker that dies leaves the rest to another one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from comments.models import Comment, Role, Site
from moderation.decisions.decide import decide
from moderation.decisions.proposals import DecisionRefused, Proposal, decision_request, undo_request
from moderation.models import Ban, BulkItem, BulkJob, Decision, JobState
from moderation.models.ban import BanTarget
from moderation.review import queue
from moderation.review.queue import QueueFilters
from moderation.rules.outcomes import STATUSES_NOT_REFUSED
from moderation.rules.verdicts import Verdict

CHUNK = 200


def run(job_id: UUID, *, now: datetime) -> bool:
    """Do the next chunk of a job, and tell whether anything is left of it.

    The chunk, its decisions and where to go on are one transaction. A job that another worker has,
    or that was cancelled, is left alone.
    """
    with transaction.atomic():
        running = BulkJob.objects.select_for_update(skip_locked=True, of=("self",))
        job = running.filter(pk=job_id, state=JobState.RUNNING).first()
        if job is None:
            return False
        proposals = _undoings(job) if job.undoes_id else _rulings(job)
        answers = decide(proposals, now=now)
        _note_items(job, proposals, answers)
        if len(proposals) < CHUNK:
            job.state, job.finished_at = JobState.DONE, now
        job.save()
    return job.state == JobState.RUNNING


def unfinished() -> list[UUID]:
    """Return the jobs that have not come to their end, the oldest first."""
    running = BulkJob.objects.filter(state=JobState.RUNNING).order_by("id")
    return list(running.values_list("pk", flat=True))


def _rulings(job: BulkJob) -> list[Proposal]:
    comments = _after(job, _matching(job)).in_bulk()
    return [
        decision_request(
            comment_id=pk,
            revision=comments[pk].revision,
            verdict=Verdict(job.verdict),
            moderator=job.moderator,
            reasoning=job.reasoning,
        )
        for pk in sorted(comments)
    ]


def _matching(job: BulkJob) -> QuerySet[Comment]:
    """Return the comments that the job is about, as its moderator may still decide about them."""
    sites = list(Site.objects.of(job.moderator, Role.at_least(Role.MODERATOR)))
    if "ban" in job.filters:
        return _of_banned(job, sites)
    waiting = queue.select(
        QueueFilters(**job.filters), sites=sites, user=job.moderator, now=job.started_at
    ).filter(opened_at__lte=job.started_at)
    return Comment.objects.filter(pk__in=waiting.values("comment"))


def _of_banned(job: BulkJob, sites: Sequence[Site]) -> QuerySet[Comment]:
    ban = Ban.objects.filter(pk=job.filters["ban"], site__in=sites).first()
    if ban is None:
        return Comment.objects.none()
    origin = (
        Q(author__email_digest=ban.value)
        if ban.target == BanTarget.EMAIL
        else Q(network_digest=ban.value)
    )
    return Comment.objects.filter(
        origin,
        site=ban.site,
        status__in=STATUSES_NOT_REFUSED,
        created_at__lte=job.started_at,
    )


def _after(job: BulkJob, comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Return the chunk that comes next: those that have had their turn are left out."""
    if job.cursor:
        comments = comments.filter(pk__gt=job.cursor)
    ids = list(comments.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    return Comment.objects.filter(pk__in=ids)


def _undoings(job: BulkJob) -> list[Proposal]:
    done = BulkItem.objects.filter(job=job.undoes_id).exclude(decision=None)
    if job.cursor:
        done = done.filter(comment__gt=job.cursor)
    ids = list(done.order_by("comment_id").values_list("decision", flat=True)[:CHUNK])
    decisions = Decision.objects.select_related("overrides").in_bulk(ids)
    return [undo_request(decisions[pk], moderator=job.moderator) for pk in ids]


def _note_items(
    job: BulkJob, proposals: Sequence[Proposal], answers: Sequence[Decision | DecisionRefused]
) -> None:
    items = [
        BulkItem(job=job, comment_id=proposal.comment_id, problem=answer.code)
        if isinstance(answer, DecisionRefused)
        else BulkItem(job=job, comment_id=proposal.comment_id, decision=answer)
        for proposal, answer in zip(proposals, answers, strict=True)
    ]
    BulkItem.objects.bulk_create(items)
    job.refused += sum(bool(item.problem) for item in items)
    job.done += sum(not item.problem for item in items)
    if proposals:
        job.cursor = proposals[-1].comment_id
