"""Celery task of webhook deliveries."""

from typing import Any

from celery import shared_task
from django.db import transaction

from comments.models.clock import database_now
from moderation.notifications.webhooks import delivery


def enqueue_deliveries() -> None:
    """Enqueue the deliveries that are due, after commit."""
    transaction.on_commit(deliver.delay, robust=True)


@shared_task(name="moderation.tasks.deliver")
def deliver(**_: Any) -> None:
    """Attempt every webhook delivery that is due."""
    while delivery.deliver(now=database_now()):
        pass
