"""Celery tasks of bulk decisions."""

from typing import Any
from uuid import UUID

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from moderation.review.queue import bulk_worker


def enqueue_bulk_job(job_id: UUID) -> None:
    """Enqueue a bulk job after commit."""

    def enqueue() -> None:
        run_bulk_job.delay(str(job_id))

    transaction.on_commit(enqueue, robust=True)


@shared_task(name="moderation.tasks.run_bulk_job")
def run_bulk_job(job_id: str, **_: Any) -> None:
    """Decide one chunk of a bulk job, and enqueue the next one."""
    if bulk_worker.run(UUID(job_id), now=timezone.now()):
        run_bulk_job.delay(job_id)


@shared_task(name="moderation.tasks.sweep_bulk_jobs")
def sweep_bulk_jobs(**_: Any) -> None:
    """Run the unfinished jobs whose message was lost to their end."""
    for job_id in bulk_worker.unfinished():
        while bulk_worker.run(job_id, now=timezone.now()):
            pass
