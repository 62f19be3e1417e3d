"""Counts of whole days, stored so that the figures of a period need not count its comments.

The decisions since the days were checked last tell which days have changed, and these are counted
anew where figures are asked for: they are always those of the rows themselves. What else changes
them marks their days (`ChangedDay`): a text that is replaced and waits again, pages that are
merged, comments that are purged, and imported ones that are not decided yet.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import FilteredRelation, Max, Q, Sum

from comments.models import Comment
from comments.models.ids import made_at, min_id_at
from moderation.insight import groups
from moderation.insight.groups import Days, Group, ThreadCount
from moderation.models import (
    ChangedDay,
    CountedDay,
    CountKind,
    DailyCount,
    DailyThreadCount,
    Decision,
)
from moderation.models.daily_count import days_of

# A decision may become visible so much later than its id was made: clocks differ, and a transaction
# takes its time.
LATE = timedelta(minutes=10)
# A day is counted when it has ended for so long.
SETTLED = timedelta(hours=1)
DAY = timedelta(days=1)
# Seconds after which no further day is begun, so that a worker does other things, too.
AT_ONCE = 5.0


@dataclass(slots=True)
class Totals:
    """What a period comes to at some sites, by kind and group, and its threads."""

    counts: Mapping[CountKind, Counter[Group]]
    busiest: list[ThreadCount]


@dataclass(slots=True)
class Stored:
    """The counts of the days of a period that are stored, and which days these are."""

    days: set[date] = field(default_factory=set)
    counts: defaultdict[CountKind, Counter[Group]] = field(
        default_factory=lambda: defaultdict(Counter)
    )


def totals(
    sites: Collection[UUID] | None, *, since: date, until: date, most_threads: int
) -> Totals:
    """Return the counts of the days from `since` to `until` at the sites; None are all of them.

    Of threads there are so many, those with the most comments.
    """
    stored = _stored(sites, since, until)
    others = list(_others(stored.days, since, until))
    counts = {kind: stored.counts[kind] + groups.counts(kind, others, sites) for kind in CountKind}
    return Totals(counts, _busiest(sites, stored.days, others, most_threads))


def refresh(*, now: datetime, seconds: float = AT_ONCE) -> int:
    """Drop the days that have changed, count days that are not stored, and return how many.

    The newest come first. It goes on until all are counted, or for so many seconds.
    """
    _drop_changed(now=now)
    counted, begun = 0, time.monotonic()
    for day in _missing(now):
        if time.monotonic() - begun > seconds:
            break
        counted += _count(day, now=now)
    return counted


def _stored(sites: Collection[UUID] | None, since: date, until: date) -> Stored:
    stored = Stored()
    # Before the rows are read: what is checked and counted meanwhile is newer, and right.
    checked_at = _checked_at()
    if checked_at is None:
        return stored
    days = CountedDay.objects.filter(day__range=(since, until))
    days = days.exclude(day__in=_changed_since(checked_at - LATE))
    at_sites = Q() if sites is None else Q(counts__site__in=sites)
    rows = days.annotate(count=FilteredRelation("counts", condition=at_sites)).values_list(
        "day", "count__kind", "count__group"
    )
    # One statement, in which each day has all of its counts; a day without any has one empty row.
    for day, kind, group, number in rows.annotate(n=Sum("count__number")).order_by():
        stored.days.add(day)
        if kind is not None:
            stored.counts[CountKind(kind)][tuple(json.loads(group))] += number
    return stored


def _busiest(
    sites: Collection[UUID] | None, days: Collection[date], others: Collection[Days], most: int
) -> list[ThreadCount]:
    """Return the threads with the most comments, on stored days and others together."""
    fresh = {count.thread: count for count in groups.threads(others, sites)}
    rows = DailyThreadCount.objects.filter(day__in=days)
    if sites is not None:
        rows = rows.filter(site__in=sites)
    sums = rows.values_list("thread").annotate(n=Sum("number"), n_refused=Sum("refused"))
    # Whoever is among the first either is so on the stored days, or was commented on on others.
    first = sums.order_by("-n", "thread")[:most]
    of_fresh = sums.filter(thread__in=list(fresh)).order_by()
    counts = dict(fresh)
    for pk, n, refused in {*first, *of_fresh}:
        more = fresh.get(pk, ThreadCount(pk, 0, 0))
        counts[pk] = ThreadCount(pk, n + more.number, refused + more.refused)
    return sorted(counts.values(), key=lambda count: (-count.number, count.thread))[:most]


def _others(stored: Collection[date], since: date, until: date) -> Iterable[Days]:
    """Yield the days of a period that are not stored, those in a row together."""
    first, day = None, since
    while day <= until:
        if day in stored and first is not None:
            yield Days(first, day - DAY)
            first = None
        elif day not in stored and first is None:
            first = day
        day += DAY
    if first is not None:
        yield Days(first, until)


def _checked_at() -> datetime | None:
    """Return the time at which nothing had changed the counts of the days that are stored."""
    checked_at: datetime | None = CountedDay.objects.aggregate(at=Max("checked_at"))["at"]
    return checked_at


def _changed_since(time: datetime) -> set[date]:
    """Return the days whose counts have changed since then."""
    marked = ChangedDay.objects.filter(pk__gte=min_id_at(time)).values_list("day", flat=True)
    days = set(marked)
    made = Decision.objects.filter(pk__gte=min_id_at(time)).order_by()
    for ids in made.values_list("pk", "comment", "overrides").iterator():
        days |= days_of(pk for pk in ids if pk is not None)
    return days


def _drop_changed(*, now: datetime) -> None:
    checked_at = _checked_at()
    if checked_at is None:
        return
    with transaction.atomic():
        CountedDay.objects.filter(day__in=_changed_since(checked_at - LATE)).delete()
        # One row is enough: `_checked_at` is that of the latest check.
        newest = CountedDay.objects.aggregate(day=Max("day"))["day"]
        CountedDay.objects.filter(day=newest).update(checked_at=now)
        ChangedDay.objects.filter(pk__lt=min_id_at(now - LATE)).delete()


def _missing(now: datetime) -> Iterable[date]:
    """Yield the days that have ended and are not stored, since the first comment; newest first."""
    first = Comment.objects.order_by("pk").values_list("pk", flat=True).first()
    if first is None:
        return
    stored = set(CountedDay.objects.values_list("day", flat=True))
    day, last = (now - SETTLED).date() - DAY, made_at(first).date()
    while day >= last:
        if day not in stored:
            yield day
        day -= DAY


def _count(day: date, *, now: datetime) -> bool:
    """Count a day and store it; return whether it is stored by us."""
    days = Days(day, day)
    counts = [
        DailyCount(day_id=day, site_id=site, kind=kind, group=json.dumps(group), number=n)
        for kind in CountKind
        for site, group, n in groups.counts_by_site(kind, days)
    ]
    threads = [
        DailyThreadCount(
            day_id=day, site_id=site, thread=row.thread, number=row.number, refused=row.refused
        )
        for site, row in groups.threads_by_site(days)
    ]
    try:
        with transaction.atomic():
            CountedDay.objects.create(day=day, checked_at=now)
            DailyCount.objects.bulk_create(counts, batch_size=1000)
            DailyThreadCount.objects.bulk_create(threads, batch_size=1000)
    except IntegrityError:
        # Another worker has counted it meanwhile, or a site has gone.
        return False
    return True
