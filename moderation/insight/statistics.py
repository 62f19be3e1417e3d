"""Statistics of a period: comments received, decisions by source, and time to decision.

The database counts over a range of ids, which sort by time. Only medians, and the categories of
decisions that moderators changed, are computed here, from the latest few thousand rows.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from comments.models import Comment, Site
from comments.models.ids import min_id_at
from moderation.insight import blind_audit, precision
from moderation.models import Appeal, Decision, DecisionSource, Report, Reviewable
from moderation.rules.outcomes import STATUSES_REFUSED, VERDICTS_RESTRICTING, VERDICTS_SETTLING
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
    created = _created(since, until)
    comments = Comment.objects.filter(site__in=ids, **created)
    decisions = Decision.objects.filter(comment__site__in=ids, **created)
    return {
        "from": since,
        "to": until,
        "received": comments.count(),
        "received_by_day": _by_day(comments, "created_at", "status"),
        "decisions": _decisions(decisions),
        "days": _by_day(decisions, "decided_at", "verdict"),
        "automated": _automated(ids, created),
        "seconds_to_decision": _seconds_to_decision(ids, created),
        "moderators": _moderators(decisions),
        "load": _load(decisions),
        "agreement": _agreement(decisions),
        "precision": precision.of_rules(_reviewed(decisions)),
        "blind_audit": blind_audit.of_rules(_reviewed(decisions), ids),
        "threads": _threads(comments),
        "reports": Report.objects.filter(comment__site__in=ids, **created).count(),
        "appeals": Appeal.objects.filter(decision__comment__site__in=ids, **created).count(),
        "waiting": Reviewable.objects.open().filter(site__in=ids).count(),
        "ages": _ages(ids, now=now),
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


def _decisions(decisions: QuerySet[Decision]) -> dict[str, dict[str, int]]:
    by_source: dict[str, dict[str, int]] = {}
    rows = decisions.values_list("source", "verdict").annotate(n=Count("pk")).order_by()
    for source, verdict, n in rows:
        by_source.setdefault(source, {})[verdict] = n
    return by_source


def _by_day(rows: QuerySet[Any], moment: str, kind: str) -> list[dict[str, Any]]:
    counts = rows.annotate(day=TruncDate(moment, tzinfo=UTC)).values_list("day", kind)
    days: dict[date, dict[str, int]] = {}
    for day, value, n in counts.annotate(n=Count("pk")).order_by("day"):
        days.setdefault(day, {})[value] = n
    return [{"day": day, **values} for day, values in days.items()]


def _automated(ids: list[UUID], created: Mapping[str, UUID]) -> dict[str, int]:
    """Return how many of the comments received were decided by the rules alone."""
    effective = Decision.objects.effective().filter(
        comment__site__in=ids, revision=F("comment__revision"), **_of_comments(created)
    )
    by = dict(effective.values_list("source").annotate(n=Count("pk")).order_by())
    held = effective.filter(source=DecisionSource.AUTOMATION, verdict=Verdict.HOLD).count()
    return {
        "by_rules": by.get(DecisionSource.AUTOMATION, 0) - held,
        "by_people": by.get(DecisionSource.MODERATOR, 0),
        "waiting": held + by.get(DecisionSource.READERS, 0),
    }


def _seconds_to_decision(ids: list[UUID], created: Mapping[str, UUID]) -> float | None:
    """Return the median time from a comment's creation to its first final decision."""
    final = Decision.objects.filter(
        comment__site__in=ids, revision=1, verdict__in=VERDICTS_SETTLING, **_of_comments(created)
    ).exclude(source=DecisionSource.IMPORT)
    rows = final.values_list("comment").order_by("-comment")
    times = rows.annotate(first=Min("decided_at"), came=Min("comment__created_at"))[:MOST_ROWS]
    return median_seconds(first - came for _, first, came in times)


def _moderators(decisions: QuerySet[Decision]) -> dict[str, int]:
    by = decisions.filter(source=DecisionSource.MODERATOR, undoes=False).exclude(decided_by=None)
    return dict(by.values_list("decided_by__email").annotate(n=Count("pk")).order_by("-n"))


def _load(decisions: QuerySet[Decision]) -> list[dict[str, Any]]:
    """Return the decisions of each moderator, the busiest first."""
    by = decisions.filter(source=DecisionSource.MODERATOR, undoes=False).exclude(decided_by=None)
    refused = Count("pk", filter=Q(verdict__in=VERDICTS_RESTRICTING))
    approved = Count("pk", filter=Q(verdict=Verdict.APPROVE))
    undone = Count("pk", filter=Q(overridden_by__undoes=True))
    rows = by.values_list("decided_by__email").annotate(
        n=Count("pk"), approved=approved, refused=refused, undone=undone
    )
    names = ("moderator", "decisions", "approved", "refused", "undone")
    return [dict(zip(names, row, strict=True)) for row in rows.order_by("-n")]


def _agreement(decisions: QuerySet[Decision]) -> dict[str, int]:
    """Return how often moderators confirmed a decision of the rules, and how often not.

    Held comments count as neither.
    """
    reviewed = _reviewed(decisions).exclude(overrides__verdict=Verdict.HOLD)
    same = reviewed.filter(verdict=F("overrides__verdict")).count()
    return {"confirmed": same, "changed": reviewed.count() - same}


def _reviewed(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Return moderators' decisions that override a decision of the rules."""
    return decisions.filter(
        source=DecisionSource.MODERATOR, undoes=False, overrides__source=DecisionSource.AUTOMATION
    )


def _threads(comments: QuerySet[Comment]) -> list[dict[str, Any]]:
    """Return the threads with the most comments."""
    refused = Count("pk", filter=Q(status__in=STATUSES_REFUSED))
    rows = comments.values("thread", "thread__title", "thread__key", "site__slug")
    busiest = rows.annotate(comments=Count("pk"), refused=refused).order_by("-comments", "thread")
    return [
        {
            "thread": row["thread"],
            "title": row["thread__title"] or row["thread__key"],
            "site": row["site__slug"],
            "comments": row["comments"],
            "refused": row["refused"],
        }
        for row in busiest[:MOST_THREADS]
    ]


def _ages(ids: list[UUID], *, now: datetime) -> dict[str, int]:
    """Return how many comments wait now, by age group."""
    bounds: dict[str, Q] = {}
    later = now
    for name, hours in AGES.items():
        at_most = Q(opened_at__gt=now - timedelta(hours=hours)) if hours else Q()
        bounds[name] = Q(opened_at__lte=later) & at_most
        later = now - timedelta(hours=hours or 0)
    counts = {name: Count("pk", filter=condition) for name, condition in bounds.items()}
    ages: dict[str, int] = Reviewable.objects.open().filter(site__in=ids).aggregate(**counts)
    return ages


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
