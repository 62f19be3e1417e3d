"""Celery tasks of queue alarms and figures."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from comments.models.clock import database_now
from moderation.insight import alarms, floods, heartbeat, queue_mails, rollup


@shared_task(name="moderation.tasks.watch_queues")
def watch_queues(**_: Any) -> None:
    """Notify of the queues that exceed their thresholds."""
    heartbeat.record(now=timezone.now())
    alarms.check_queues(now=timezone.now())


@shared_task(name="moderation.tasks.watch_floods")
def watch_floods(**_: Any) -> None:
    """Switch flood mode on where a flood began, and off where it is over."""
    floods.watch(now=timezone.now())


@shared_task(name="moderation.tasks.watch_drift")
def watch_drift(**_: Any) -> None:
    """Notify where scores or verdicts have drifted."""
    alarms.check_drift(now=timezone.now())


@shared_task(name="moderation.tasks.count_days")
def count_days(**_: Any) -> None:
    """Store the counts of days that ended, or have changed since."""
    rollup.refresh(now=timezone.now())


@shared_task(name="moderation.tasks.deliver_alarms")
def deliver_alarms(**_: Any) -> None:
    """Attempt every alarm webhook that is due."""
    while alarms.deliver(now=database_now()):
        pass


@shared_task(name="moderation.tasks.tell_moderators")
def tell_moderators(**_: Any) -> None:
    """Mail moderators about what began to wait, as often as each chose."""
    queue_mails.tell(now=timezone.now())
