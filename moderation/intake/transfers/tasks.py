"""Celery tasks of imports and exports."""

from typing import Any
from uuid import UUID

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from moderation.intake.transfers import worker
from moderation.screening import tasks


def enqueue_transfer(transfer_id: UUID) -> None:
    """Enqueue an import or export after commit."""

    def enqueue() -> None:
        run_transfer.delay(str(transfer_id))

    transaction.on_commit(enqueue, robust=True)


@shared_task(name="moderation.tasks.run_transfer", soft_time_limit=86_400, time_limit=86_400)
def run_transfer(transfer_id: str, **_: Any) -> None:
    """Run an import or export, and enqueue the screening of imported comments."""
    worker.run(UUID(transfer_id), now=timezone.now())
    tasks.sweep.delay()


@shared_task(name="moderation.tasks.sweep_transfers")
def sweep_transfers(**_: Any) -> None:
    """Resume the transfers whose worker died, and delete expired files."""
    for transfer_id in worker.unfinished(now=timezone.now()):
        run_transfer.delay(str(transfer_id))
    worker.delete_expired_files(now=timezone.now())
