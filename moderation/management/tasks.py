"""Celery task of maintenance."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from moderation.management import retention


@shared_task(name="moderation.tasks.forget")
def purge(**_: Any) -> None:
    """Delete what has outlived its retention period."""
    retention.purge(now=timezone.now())
