"""Celery task of outgoing email."""

from typing import Any

from celery import shared_task
from django.db import transaction

from comments.models.clock import database_now
from moderation.notifications.mail import digests, smtp


def enqueue_mails() -> None:
    """Enqueue the sending of the email messages that are due, after commit."""
    transaction.on_commit(send_mails.delay, robust=True)


@shared_task(name="moderation.tasks.send_mails", soft_time_limit=1800, time_limit=1860)
def send_mails(**_: Any) -> None:
    """Compose due notifications to subscribers, and send due messages, up to one batch."""
    while digests.compose(now=database_now()):
        pass
    with smtp.connected() as connection:
        for _n in range(smtp.BATCH):
            if not smtp.deliver(connection, now=database_now()):
                break
