"""Celery tasks: an id in, one call. They may run twice, late, or never; see `screening.sweep`."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from axes.models import AccessAttempt
from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comments.models import IdempotencyKey, UsedToken
from moderation import (
    alarming,
    asking,
    bulk_running,
    callbacks,
    mailed_links,
    mailing,
    notices,
    notifying,
    screening,
    sending,
    transferring,
)
from moderation.models import AkismetCheck, Comparison, Screening, Sighting, UsedLink


def wake(comment_id: UUID) -> None:
    """Ring for a comment once the transaction is committed.

    A broker that is away is logged and forgiven: the sweep will find the comment.
    """

    # Not a partial: Django names the function in the log when it fails.
    def ring() -> None:
        screen_comment.delay(str(comment_id))

    transaction.on_commit(ring, robust=True)


def wake_sweep() -> None:
    """Ring for everything that waits, once the transaction is committed."""
    transaction.on_commit(sweep.delay, robust=True)


def wake_bulk(job_id: UUID) -> None:
    """Ring for a bulk job once the transaction is committed."""

    def ring() -> None:
        run_bulk_job.delay(str(job_id))

    transaction.on_commit(ring, robust=True)


def wake_transfer(transfer_id: UUID) -> None:
    """Ring for an import or export once the transaction is committed."""

    def ring() -> None:
        run_transfer.delay(str(transfer_id))

    transaction.on_commit(ring, robust=True)


@shared_task(soft_time_limit=86_400, time_limit=86_400)
def run_transfer(transfer_id: str, **_: Any) -> None:
    """Do an import or export, and have what came in looked at."""
    transferring.run(UUID(transfer_id), now=timezone.now())
    sweep.delay()


@shared_task
def sweep_transfers(**_: Any) -> None:
    """Go on with the transfers whose worker died, and clear old files away."""
    for transfer_id in transferring.unfinished(now=timezone.now()):
        run_transfer.delay(str(transfer_id))
    transferring.clear_away(now=timezone.now())


def wake_deliveries() -> None:
    """Ring for what the outbox holds once the transaction is committed."""
    transaction.on_commit(deliver.delay, robust=True)


@shared_task
def deliver(**_: Any) -> None:
    """Tell webhooks and plugins all that is due."""
    while notifying.deliver(now=timezone.now()):
        pass
    while callbacks.call_back(now=timezone.now()):
        pass
    while alarming.call(now=timezone.now()):
        pass


def wake_mails() -> None:
    """Ring for the mails that wait once the transaction is committed."""
    transaction.on_commit(send_mails.delay, robust=True)


@shared_task(soft_time_limit=1800, time_limit=1860)
def send_mails(**_: Any) -> None:
    """Write what subscribers are told, and send the mails that are due, up to a number."""
    while notices.compose(now=timezone.now()):
        pass
    with sending.connected() as connection:
        for _n in range(sending.BATCH):
            if not sending.deliver(connection, now=timezone.now()):
                break


@shared_task
def run_bulk_job(job_id: str, **_: Any) -> None:
    """Do a chunk of a bulk job, and ring for the next one."""
    if bulk_running.run(UUID(job_id), now=timezone.now()):
        run_bulk_job.delay(job_id)


@shared_task
def sweep_bulk_jobs(**_: Any) -> None:
    """Go on with the jobs whose bell was lost."""
    for job_id in bulk_running.unfinished():
        while bulk_running.run(job_id, now=timezone.now()):
            pass


@shared_task
def screen_comment(comment_id: str, **_: Any) -> None:
    """Screen a batch of what waits, unless somebody has screened this comment already."""
    if Screening.objects.fresh().filter(comment=UUID(comment_id)).exists():
        screening.screen(now=timezone.now())
    if asking.is_due(now=timezone.now()):
        ask.delay()


@shared_task
def ask(**_: Any) -> None:
    """Ask external moderators, and have the comments looked at that they answered about."""
    while asking.ask(now=timezone.now()):
        sweep.delay()


@shared_task
def sweep(**_: Any) -> None:
    """Screen all that waits."""
    screening.sweep(now=timezone.now())


@shared_task
def watch_queues(**_: Any) -> None:
    """Tell whose queue has grown long or old."""
    alarming.watch(now=timezone.now())


@shared_task
def forget(**_: Any) -> None:
    """Forget answers of yesterday, expired sign-on tokens, old checks, and what mails said."""
    a_day_ago = timezone.now() - timedelta(days=1)
    IdempotencyKey.objects.filter(created_at__lt=a_day_ago).delete()
    AccessAttempt.objects.filter(attempt_time__lt=a_day_ago).delete()
    UsedToken.objects.filter(expires_at__lt=timezone.now()).delete()
    UsedLink.objects.filter(used_at__lt=timezone.now() - 2 * mailed_links.LASTS).delete()
    long_ago = timezone.now() - timedelta(days=settings.AKISMET_KEEP_DAYS)
    AkismetCheck.objects.filter(created_at__lt=long_ago).delete()
    Sighting.objects.filter(seen_at__lt=long_ago).delete()
    stale = timezone.now() - timedelta(days=settings.COMPARISON_KEEP_DAYS)
    Comparison.objects.filter(created_at__lt=stale).delete()
    mailing.forget(before=timezone.now() - timedelta(days=settings.MAIL_KEEP_DAYS))


@worker_ready.connect
def sweep_at_start(**_: Any) -> None:
    """Look for what was left while no worker ran, without waiting for beat."""
    sweep.delay()
