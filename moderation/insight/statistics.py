"""Statistics of a period: comments received, decisions by source, and time to decision.

The database counts over a range of ids, which sort by time, and in groups that are added up here:
so it reads the same comments and decisions few times. Only medians, and the categories of decisions
that moderators changed, are computed here from rows, the latest few thousand.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import TruncDate
from django.utils import timezone

from comments.models import Comment, Site, Thread
from comments.models.ids import min_id_at
from moderation.insight import blind_audit, moderators, precision
from moderation.models import Appeal, Decision, DecisionSource, Report, Reviewable
from moderation.models.decision import DecisionQuerySet
from moderation.rules.outcomes import STATUSES_REFUSED, VERDICTS_SETTLING
from moderation.rules.verdicts import Verdict

# Medians and precision are computed from so many rows, the latest.
MOST_ROWS = 5000
MOST_THREADS = 10
# Age groups of what waits, each up to so many hours; the last is open.
AGES = {"1h": 1, "6h": 6, "1d": 24, "3d": 72, "7d": 168, "older": None}


def compute(sites: Iterable[Site], *, since: date, until: date, now: datetime) -> dict[str, Any]:
    """Return the statistics of `sites` from one day to another, both inclusive (UTC).

    Medians are in seconds, and None where there are no rows.
    """
    ids = [site.pk for site in sites]
    # Where all sites are meant, nothing need be joined with its comment to know its site.
    chosen = ids if Site.objects.exclude(pk__in=ids).exists() else None
    created = _created(since, until)
    comments = Comment.objects.filter(**_at("site", chosen), **created)
    decisions = Decision.objects.filter(**_at("comment__site", chosen), **created)
    reports = Report.objects.filter(**_at("comment__site", chosen), **created)
    appeals = Appeal.objects.filter(**_at("decision__comment__site", chosen), **created)
    reviewed = _reviewed(decisions)
    on_received = Decision.objects.filter(**_of_comments(created))
    if chosen is not None:
        on_received = on_received.filter(comment__in=comments)
    return {
        "from": since,
        "to": until,
        **_received(comments),
        **_decided(decisions),
        "automated": _automated(on_received),
        "seconds_to_decision": _seconds_to_decision(on_received),
        **_by_people(decisions),
        "precision": precision.of_rules(reviewed),
        "blind_audit": blind_audit.of_rules(reviewed, ids),
        "threads": _threads(comments),
        "reports": reports.count(),
        "appeals": appeals.count(),
        **_waiting(ids, now=now),
        "seconds_waited": _seconds_waited(ids, since, until),
    }


def midnight(day: date) -> datetime:
    """Return the start of a day (UTC)."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def _created(since: date, until: date) -> Mapping[str, UUID]:
    """Return the filter, for any model with time-sorted ids, of rows created on these days."""
    return {
        "pk__gte": min_id_at(midnight(since)),
        "pk__lt": min_id_at(midnight(until + timedelta(days=1))),
    }


def _of_comments(created: Mapping[str, UUID]) -> dict[str, UUID]:
    return {f"comment__{name}": value for name, value in created.items()}


def _at(path: str, sites: list[UUID] | None) -> dict[str, list[UUID]]:
    """Return the filter by the site that a path of fields leads to; None are all sites."""
    return {} if sites is None else {f"{path}__in": sites}


def _received(comments: QuerySet[Comment]) -> dict[str, Any]:
    rows = _counted(comments, TruncDate("created_at", tzinfo=UTC), "status")
    return {"received": sum(n for *_, n in rows), "received_by_day": _by_day(rows)}


def _decided(decisions: QuerySet[Decision]) -> dict[str, Any]:
    rows = _counted(decisions, TruncDate("decided_at", tzinfo=UTC), "verdict", "source")
    by_source: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, verdict, source, n in rows:
        by_source[source][verdict] += n
    return {"decisions": {**by_source}, "days": _by_day(rows)}


def _by_people(decisions: QuerySet[Decision]) -> dict[str, Any]:
    groups = moderators.grouped(decisions)
    load = moderators.load(groups)
    return {
        "moderators": {row["moderator"]: row["decisions"] for row in load},
        "load": load,
        "agreement": moderators.agreement(groups),
    }


def _counted(rows: QuerySet[Any], *by: str | TruncDate) -> list[Any]:
    """Return the values of each group of rows, and the number of rows last."""
    return list(rows.values_list(*by).annotate(n=Count("pk")).order_by())


def _by_day(counted: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """Return the numbers of each day, by the kind that follows the day."""
    days: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for day, kind, *_, n in counted:
        days[day][kind] += n
    return [{"day": day, **days[day]} for day in sorted(days)]


def _automated(on_received: DecisionQuerySet) -> dict[str, int]:
    """Return how many of the comments received were decided by the rules alone."""
    # Few comments were edited: an index of those is read, instead of all that were received.
    edited = Comment.objects.filter(pk=OuterRef("comment"), revision__gt=1)
    is_replaced = Exists(edited.exclude(revision=OuterRef("revision")))
    effective = on_received.effective().exclude(is_replaced)
    held, by = 0, Counter[str]()
    for source, verdict, n in _counted(effective, "source", "verdict"):
        by[source] += n
        held += n if (source, verdict) == (DecisionSource.AUTOMATION, Verdict.HOLD) else 0
    return {
        "by_rules": by[DecisionSource.AUTOMATION] - held,
        "by_people": by[DecisionSource.MODERATOR],
        "waiting": held + by[DecisionSource.READERS],
    }


def _seconds_to_decision(on_received: QuerySet[Decision]) -> float | None:
    """Return the median time from a comment's creation to its first final decision."""
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


def _threads(comments: QuerySet[Comment]) -> list[dict[str, Any]]:
    """Return the threads with the most comments."""
    refused = Count("pk", filter=Q(status__in=STATUSES_REFUSED))
    counted = comments.values_list("thread").annotate(n=Count("pk"), refused=refused)
    busiest = list(counted.order_by("-n", "thread")[:MOST_THREADS])
    threads = Thread.objects.select_related("site").in_bulk([pk for pk, *_ in busiest])
    return [
        {
            "thread": pk,
            "title": threads[pk].title or threads[pk].key,
            "site": threads[pk].site.slug,
            "comments": n,
            "refused": n_refused,
        }
        for pk, n, n_refused in busiest
    ]


def _waiting(ids: list[UUID], *, now: datetime) -> dict[str, Any]:
    """Return how many comments wait now, and how many of them by age group."""
    bounds: dict[str, Q] = {}
    later = now
    for name, hours in AGES.items():
        at_most = Q(opened_at__gt=now - timedelta(hours=hours)) if hours else Q()
        bounds[name] = Q(opened_at__lte=later) & at_most
        later = now - timedelta(hours=hours or 0)
    counts = {name: Count("pk", filter=condition) for name, condition in bounds.items()}
    waiting = Reviewable.objects.open().filter(site__in=ids)
    ages: dict[str, int] = waiting.aggregate(waiting=Count("pk"), **counts)
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
