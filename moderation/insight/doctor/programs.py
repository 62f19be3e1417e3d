"""Examine whether the programs beside the web server run: beat, and a worker for each queue."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Min, QuerySet
from django.utils.timesince import timesince

from comments.models import User
from moderation.insight import heartbeat
from moderation.insight.doctor.diagnosis import Diagnosis, error
from moderation.models import Delivery, Mail, Screening, Transfer
from moderation.models.transfer import TransferState

# Each kind of work begins within seconds where there is a worker for it, but for long imports.
PATIENCE = timedelta(minutes=10)


class Work(NamedTuple):
    """What the workers of a queue begin, as long as none has, and since when it waits."""

    queue: str
    what: str
    untouched: Callable[[datetime], QuerySet[Any]]
    since: str


WORK = (
    Work("screening", "Comments", lambda _: Screening.objects.unclaimed(), "comment__created_at"),
    Work("outgoing", "Mails", lambda now: Mail.objects.due(now).filter(attempts=0), "created_at"),
    Work(
        "outgoing",
        "Webhooks",
        lambda now: Delivery.objects.due(now).filter(attempts=0),
        "event__created_at",
    ),
    Work(
        "transfers",
        "Imports or exports",
        lambda _: Transfer.objects.filter(state=TransferState.WAITING, claimed_until=None),
        "created_at",
    ),
)


def periodic_work(now: datetime) -> Iterator[Diagnosis]:
    """Tell where nobody does the periodic work."""
    last = heartbeat.last()
    advice = "Start one beat, and a worker of the queue “screening”."
    if last is None and not _begins(now):
        text = "Periodic work was never done."
        yield error(text, advice)
    elif last and now - last > heartbeat.LATE:
        yield error(f"Periodic work was last done {timesince(last, now)} ago.", advice)


def _begins(now: datetime) -> bool:
    """Tell whether the installation is so new that its first periodic work may be still to come."""
    first = User.objects.aggregate(first=Min("date_joined"))["first"]
    return first is not None and now - first < heartbeat.LATE


def queues(now: datetime) -> Iterator[Diagnosis]:
    """Tell of queues whose work nobody begins."""
    for queue, what, untouched, since in WORK:
        oldest = untouched(now).aggregate(oldest=Min(since))["oldest"]
        if oldest and now - oldest > PATIENCE:
            text = f"{what} have waited for {timesince(oldest, now)}, and no worker begins them."
            yield error(text, f"Start a worker of the queue “{queue}”.")
