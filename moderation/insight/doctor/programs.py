"""Examine whether the programs beside the web server run: beat, and a worker for each queue."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Min, QuerySet
from django.utils.timesince import timesince
from django.utils.translation import gettext, gettext_noop

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
    Work(
        "screening",
        gettext_noop("Comments"),
        lambda _: Screening.objects.unclaimed(),
        "comment__created_at",
    ),
    Work(
        "outgoing",
        gettext_noop("Mails"),
        lambda now: Mail.objects.due(now).filter(attempts=0),
        "created_at",
    ),
    Work(
        "outgoing",
        gettext_noop("Webhooks"),
        lambda now: Delivery.objects.due(now).filter(attempts=0),
        "event__created_at",
    ),
    Work(
        "transfers",
        gettext_noop("Imports or exports"),
        lambda _: Transfer.objects.filter(state=TransferState.WAITING, claimed_until=None),
        "created_at",
    ),
)


def periodic_work(now: datetime) -> Iterator[Diagnosis]:
    """Tell where nobody does the periodic work."""
    last = heartbeat.last()
    advice = gettext("Start one beat, and a worker of the queue “screening”.")
    if last is None and not _begins(now):
        text = gettext("Periodic work was never done.")
        yield error(text, advice)
    elif last and now - last > heartbeat.LATE:
        text = gettext("Periodic work was last done %(time)s ago.")
        yield error(text % {"time": timesince(last, now)}, advice)


def _begins(now: datetime) -> bool:
    """Tell whether the installation is so new that its first periodic work may be still to come."""
    first = User.objects.aggregate(first=Min("date_joined"))["first"]
    return first is not None and now - first < heartbeat.LATE


def queues(now: datetime) -> Iterator[Diagnosis]:
    """Tell of queues whose work nobody begins."""
    for queue, what, untouched, since in WORK:
        oldest = untouched(now).aggregate(oldest=Min(since))["oldest"]
        if oldest and now - oldest > PATIENCE:
            text = gettext("%(what)s have waited for %(time)s, and no worker begins them.")
            text %= {"what": gettext(what), "time": timesince(oldest, now)}
            advice = gettext("Start a worker of the queue “%(queue)s”.") % {"queue": queue}
            yield error(text, advice)
