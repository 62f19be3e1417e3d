"""Celery task that reads sites' pages."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from moderation.intake import page_reader, picture_fetcher


@shared_task(name="moderation.tasks.read_pages", soft_time_limit=240, time_limit=300)
def read_pages(**_: Any) -> None:
    """Read a batch of pages that were never read."""
    page_reader.read_due(now=timezone.now())


@shared_task(name="moderation.tasks.fetch_pictures", soft_time_limit=540, time_limit=600)
def fetch_pictures(**_: Any) -> None:
    """Fetch a batch of readers' pictures that wait for it."""
    picture_fetcher.fetch_due(now=timezone.now())
