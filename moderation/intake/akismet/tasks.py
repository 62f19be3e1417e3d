"""Celery task of callbacks to Akismet clients."""

from typing import Any

from celery import shared_task

from comments.models.clock import database_now
from moderation.intake.akismet import callbacks


@shared_task(name="moderation.tasks.call_back")
def call_back(**_: Any) -> None:
    """Send every verdict that an Akismet client waits for and that can't be undone any more."""
    while callbacks.call_back(now=database_now()):
        pass
