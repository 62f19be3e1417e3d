"""Celery tasks of imports and exports."""

from typing import Any
from uuid import UUID

from celery import shared_task
from django.db import transaction

from comments.models.clock import database_now
from moderation.intake.transfers import schedule, worker
from moderation.screening import tasks


def enqueue_transfer(transfer_id: UUID) -> None:
    """Enqueue an import or export after commit."""

    def enqueue() -> None:
        run_transfer.delay(str(transfer_id))

    transaction.on_commit(enqueue, robust=True)


@shared_task(name="moderation.tasks.run_transfer")
def run_transfer(_transfer_id: str = "", **_: Any) -> None:
    """Run the import or export whose turn it is, and enqueue the screening of imported comments.

    The message only wakes a worker: which transfer is next is decided by what other sites wait for.
    """
    if worker.run_next(now=database_now()):
        run_transfer.delay()
    tasks.sweep.delay()


@shared_task(name="moderation.tasks.sweep_transfers")
def sweep_transfers(**_: Any) -> None:
    """Resume the transfers whose worker died, end those that nobody finishes, delete files."""
    now = database_now()
    if schedule.due(now=now):
        run_transfer.delay()
    worker.maintain(now=now)
