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
from moderation.insight import alarms
from moderation.intake.akismet import callbacks
from moderation.intake.transfers import worker
from moderation.models import AkismetCheck, Comparison, Screening, Sighting, UsedLink
from moderation.notifications.mail import action_links, digests, outbox, smtp
from moderation.notifications.webhooks import delivery
from moderation.review import bulk_worker
from moderation.screening import external_inquiries, screen


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
    worker.run(UUID(transfer_id), now=timezone.now())
    sweep.delay()


@shared_task
def sweep_transfers(**_: Any) -> None:
    """Go on with the transfers whose worker died, and clear old files away."""
    for transfer_id in worker.unfinished(now=timezone.now()):
        run_transfer.delay(str(transfer_id))
    worker.clear_away(now=timezone.now())


def wake_deliveries() -> None:
    """Ring for what the outbox holds once the transaction is committed."""
    transaction.on_commit(deliver.delay, robust=True)


@shared_task
def deliver(**_: Any) -> None:
    """Tell webhooks and plugins all that is due."""
    while delivery.deliver(now=timezone.now()):
        pass
    while callbacks.call_back(now=timezone.now()):
        pass
    while alarms.call(now=timezone.now()):
        pass


def wake_mails() -> None:
    """Ring for the mails that wait once the transaction is committed."""
    transaction.on_commit(send_mails.delay, robust=True)


@shared_task(soft_time_limit=1800, time_limit=1860)
def send_mails(**_: Any) -> None:
    """Write what subscribers are told, and send the mails that are due, up to a number."""
    while digests.compose(now=timezone.now()):
        pass
    with smtp.connected() as connection:
        for _n in range(smtp.BATCH):
            if not smtp.deliver(connection, now=timezone.now()):
                break


@shared_task
def run_bulk_job(job_id: str, **_: Any) -> None:
    """Do a chunk of a bulk job, and ring for the next one."""
    if bulk_worker.run(UUID(job_id), now=timezone.now()):
        run_bulk_job.delay(job_id)


@shared_task
def sweep_bulk_jobs(**_: Any) -> None:
    """Go on with the jobs whose bell was lost."""
    for job_id in bulk_worker.unfinished():
        while bulk_worker.run(job_id, now=timezone.now()):
            pass


@shared_task
def screen_comment(comment_id: str, **_: Any) -> None:
    """Screen a batch of what waits, unless somebody has screened this comment already."""
    if Screening.objects.fresh().filter(comment=UUID(comment_id)).exists():
        screen.screen(now=timezone.now())
    if external_inquiries.is_due(now=timezone.now()):
        ask.delay()


@shared_task
def ask(**_: Any) -> None:
    """Ask external moderators, and have the comments looked at that they answered about."""
    while external_inquiries.ask(now=timezone.now()):
        sweep.delay()


@shared_task
def sweep(**_: Any) -> None:
    """Screen all that waits."""
    screen.sweep(now=timezone.now())


@shared_task
def watch_queues(**_: Any) -> None:
    """Tell whose queue has grown long or old."""
    alarms.watch(now=timezone.now())


@shared_task
def forget(**_: Any) -> None:
    """Forget answers of yesterday, expired sign-on tokens, old checks, and what mails said."""
    a_day_ago = timezone.now() - timedelta(days=1)
    IdempotencyKey.objects.filter(created_at__lt=a_day_ago).delete()
    AccessAttempt.objects.filter(attempt_time__lt=a_day_ago).delete()
    UsedToken.objects.filter(expires_at__lt=timezone.now()).delete()
    UsedLink.objects.filter(used_at__lt=timezone.now() - 2 * action_links.LASTS).delete()
    long_ago = timezone.now() - timedelta(days=settings.AKISMET_KEEP_DAYS)
    AkismetCheck.objects.filter(created_at__lt=long_ago).delete()
    Sighting.objects.filter(seen_at__lt=long_ago).delete()
    stale = timezone.now() - timedelta(days=settings.COMPARISON_KEEP_DAYS)
    Comparison.objects.filter(created_at__lt=stale).delete()
    outbox.forget(before=timezone.now() - timedelta(days=settings.MAIL_KEEP_DAYS))


@worker_ready.connect
def sweep_at_start(**_: Any) -> None:
    """Look for what was left while no worker ran, without waiting for beat."""
    sweep.delay()
