"""Celery tasks of screening. Each is idempotent: it may run twice, late, or never."""

from typing import Any
from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready
from django.db import transaction

from comments.models.clock import database_now
from moderation.models import Screening
from moderation.screening import outages, screen, wake_up
from moderation.screening.external import inquiries


def enqueue_screening(comment_id: UUID) -> None:
    """Enqueue the screening of a comment after commit, unless a worker is about to look anyway.

    An unavailable broker is logged and ignored: the periodic sweep finds the comment.
    """

    # Not a partial: Django names the function in the log when it fails.
    def enqueue() -> None:
        if wake_up.is_needed():
            _send(screen_comment, str(comment_id))

    transaction.on_commit(enqueue, robust=True)


def _send(task: Any, *arguments: str) -> None:
    """Send a message; where that fails, the next comment has one again."""
    try:
        task.delay(*arguments)
    except Exception:
        wake_up.clear()
        raise


def enqueue_sweep() -> None:
    """Enqueue the screening of all due comments after commit."""
    transaction.on_commit(sweep.delay, robust=True)


@shared_task(name="moderation.tasks.screen_comment")
def screen_comment(comment_id: str, **_: Any) -> None:
    """Screen a batch of due comments, this one and those that came without a message of their own.

    Those beyond the batch have a further message.
    """
    wake_up.clear()
    waiting = Screening.objects.unclaimed()
    if waiting.exists():
        screen.screen(now=database_now())
    if (left := waiting.values_list("comment", flat=True).first()) and wake_up.is_needed():
        _send(screen_comment, str(left))
    if inquiries.is_due(now=database_now()):
        ask.delay()


@shared_task(name="moderation.tasks.ask")
def ask(**_: Any) -> None:
    """Send due inquiries to external moderators, and screen the comments they answered about."""
    while inquiries.ask(now=database_now()):
        sweep.delay()


@shared_task(name="moderation.tasks.sweep")
def sweep(**_: Any) -> None:
    """Screen all due comments."""
    screen.sweep(now=database_now())


@shared_task(name="moderation.tasks.recheck")
def recheck(**_: Any) -> None:
    """Screen again what was held only because a service was away."""
    if outages.recheck(now=database_now()):
        sweep.delay()


@worker_ready.connect
def sweep_at_start(**_: Any) -> None:
    """Screen what became due while no worker ran, without waiting for beat."""
    sweep.delay()
