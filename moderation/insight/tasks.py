"""Celery tasks of queue alarms."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from moderation.insight import alarms


@shared_task(name="moderation.tasks.watch_queues")
def watch_queues(**_: Any) -> None:
    """Notify of the queues that exceed their thresholds."""
    alarms.check_queues(now=timezone.now())


@shared_task(name="moderation.tasks.deliver_alarms")
def deliver_alarms(**_: Any) -> None:
    """Attempt every alarm webhook that is due."""
    while alarms.deliver(now=timezone.now()):
        pass
