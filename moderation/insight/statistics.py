"""Statistics of a period: comments received, decisions by source, and time to decision.

Most of it is added up from the counts of days, of which those that ended are stored
(`moderation.insight.rollup`). Medians, and the categories of decisions that moderators changed, are
computed here from rows, the latest few thousand.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, QuerySet

from comments.databases import replica
from comments.models import Site, Thread
from moderation.insight import blind_audit, moderators, precision, rollup
from moderation.insight.groups import Days, Group, ThreadCount, made_on, midnight
from moderation.models import Appeal, CountKind, Decision, DecisionSource, Report, Reviewable
from moderation.rules.outcomes import VERDICTS_SETTLING
from moderation.rules.verdicts import Verdict

# Medians and precision are computed from so many rows, the latest.
MOST_ROWS = 5000
MOST_THREADS = 10
# Age groups of what waits, each up to so many hours; the last is open.
AGES = {"1h": 1, "6h": 6, "1d": 24, "3d": 72, "7d": 168, "older": None}


def compute(sites: Iterable[Site], *, since: date, until: date, now: datetime) -> dict[str, Any]:
    """Return the statistics of `sites` from one day to another, both inclusive (UTC).

    Medians are in seconds, and None where there are no rows. A replica counts, if there is one.
    """
    ids = [site.pk for site in sites]
    return replica.read_caught_up(lambda: _compute(ids, since=since, until=until, now=now))


def _compute(ids: list[UUID], *, since: date, until: date, now: datetime) -> dict[str, Any]:
    # Where all sites are meant, nothing need be joined with its comment to know its site.
    chosen = ids if Site.objects.exclude(pk__in=ids).exists() else None
    totals = rollup.totals(chosen, since=since, until=until, most_threads=MOST_THREADS)
    created = made_on([Days(since, until)])
    decisions = Decision.objects.filter(created, **_at("comment__site", chosen))
    reports = Report.objects.filter(created, **_at("comment__site", chosen))
    appeals = Appeal.objects.filter(created, **_at("decision__comment__site", chosen))
    reviewed = _reviewed(decisions)
    return {
        "from": since,
        "to": until,
        **_received(totals.counts[CountKind.RECEIVED]),
        **_decided(totals.counts[CountKind.DECIDED]),
        "automated": _automated(totals.counts[CountKind.STANDING]),
        "seconds_to_decision": _seconds_to_decision(chosen, Days(since, until)),
        **_by_people(totals.counts[CountKind.BY_PEOPLE]),
        "precision": precision.of_rules(reviewed),
        "blind_audit": blind_audit.of_rules(reviewed, ids),
        "threads": _threads(totals.busiest),
        "reports": reports.count(),
        "appeals": appeals.count(),
        **_waiting(ids, now=now),
        "seconds_waited": _seconds_waited(ids, since, until),
    }


def _at(path: str, sites: list[UUID] | None) -> dict[str, list[UUID]]:
    """Return the filter by the site that a path of fields leads to; None are all sites."""
    return {} if sites is None else {f"{path}__in": sites}


def _received(counts: Mapping[Group, int]) -> dict[str, Any]:
    return {"received": sum(counts.values()), "received_by_day": _by_day(counts)}


def _decided(counts: Mapping[Group, int]) -> dict[str, Any]:
    by_source: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (_, verdict, source), n in counts.items():
        by_source[str(source)][str(verdict)] += n
    return {"decisions": {**by_source}, "days": _by_day(counts)}


def _by_people(counts: Mapping[Group, int]) -> dict[str, Any]:
    decisions = moderators.named(counts)
    load = moderators.load(decisions)
    return {
        "moderators": {row["moderator"]: row["decisions"] for row in load},
        "load": load,
        "agreement": moderators.agreement(decisions),
    }


def _by_day(counts: Mapping[Group, int]) -> list[dict[str, Any]]:
    """Return the numbers of each day, by the kind that follows the day."""
    days: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for (day, kind, *_), n in counts.items():
        days[date.fromisoformat(str(day))][str(kind)] += n
    return [{"day": day, **days[day]} for day in sorted(days)]


def _automated(counts: Mapping[Group, int]) -> dict[str, int]:
    """Return how many of the comments received were decided by the rules alone."""
    held, by = 0, Counter[str]()
    for (source, verdict), n in counts.items():
        by[str(source)] += n
        held += n if (source, verdict) == (DecisionSource.AUTOMATION, Verdict.HOLD) else 0
    return {
        "by_rules": by[DecisionSource.AUTOMATION] - held,
        "by_people": by[DecisionSource.MODERATOR],
        "waiting": held + by[DecisionSource.READERS],
    }


def _seconds_to_decision(chosen: list[UUID] | None, days: Days) -> float | None:
    """Return the median time from a comment's creation to its first final decision."""
    on_received = Decision.objects.filter(made_on([days], "comment"))
    on_received = on_received.filter(**_at("comment__site", chosen))
    final = on_received.filter(revision=1, verdict__in=VERDICTS_SETTLING)
    final = final.exclude(source=DecisionSource.IMPORT)
    taken = ExpressionWrapper(
        Min("decided_at") - Min("comment__created_at"), output_field=DurationField()
    )
    times = final.values_list("comment").annotate(taken=taken).order_by("-comment")
    return median_seconds(duration for _, duration in times[:MOST_ROWS])


def _reviewed(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Return moderators' decisions that override a decision of the rules."""
    return decisions.filter(
        source=DecisionSource.MODERATOR, undoes=False, overrides__source=DecisionSource.AUTOMATION
    )


def _threads(busiest: Iterable[ThreadCount]) -> list[dict[str, Any]]:
    """Return the threads with the most comments."""
    counts = list(busiest)
    threads = Thread.objects.select_related("site").in_bulk([count.thread for count in counts])
    return [
        {
            "thread": count.thread,
            "title": threads[count.thread].title or threads[count.thread].key,
            "site": threads[count.thread].site.slug,
            "comments": count.number,
            "refused": count.refused,
        }
        for count in counts
        # Unless it was merged into another one just now.
        if count.thread in threads
    ]


def _waiting(ids: list[UUID], *, now: datetime) -> dict[str, Any]:
    """Return how many comments wait now, and how many of them by age group."""
    bounds: dict[str, Q] = {}
    later = now
    for name, hours in AGES.items():
        at_most = Q(opened_at__gt=now - timedelta(hours=hours)) if hours else Q()
        bounds[name] = Q(opened_at__lte=later) & at_most
        later = now - timedelta(hours=hours or 0)
    counts = {name: Count("opened_at", filter=condition) for name, condition in bounds.items()}
    waiting = Reviewable.objects.open().filter(site__in=ids)
    ages: dict[str, int] = waiting.aggregate(waiting=Count("*"), **counts)
    return {"waiting": ages.pop("waiting"), "ages": ages}


def _seconds_waited(ids: list[UUID], since: date, until: date) -> float | None:
    begin, end = midnight(since), midnight(until + timedelta(days=1))
    waited = ExpressionWrapper(F("closed_at") - F("opened_at"), output_field=DurationField())
    closed = Reviewable.objects.filter(site__in=ids, closed_at__gte=begin, closed_at__lt=end)
    times = closed.annotate(waited=waited).order_by("-id").values_list("waited", flat=True)
    return median_seconds(times[:MOST_ROWS])


def median_seconds(durations: Iterable[timedelta]) -> float | None:
    """Return the median in seconds, or None without durations."""
    seconds = [duration.total_seconds() for duration in durations]
    return median(seconds) if seconds else None
