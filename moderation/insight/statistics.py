"""Figures of a period: what came in, what was decided by whom, and how long people waited.

Everything is counted by the database over a range of ids, which sort by time; only medians and the
categories of what people changed are worked out here, from the latest few thousand.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from comments.models import Comment, Site
from comments.models.ids import first_id_of
from moderation.models import Appeal, Decision, DecisionSource, Report, Reviewable
from moderation.rules.outcomes import STATUSES_REFUSED, VERDICTS_RESTRICTING, VERDICTS_SETTLING
from moderation.rules.verdicts import Verdict

# Of times, and of what people changed, so many are looked at, the latest.
MOST_ROWS = 5000
MOST_THREADS = 10
# The ages of what waits, each up to so many hours; the last has no end.
AGES = {"1h": 1, "6h": 6, "1d": 24, "3d": 72, "7d": 168, "older": None}


def figures(sites: Iterable[Site], *, since: date, until: date, now: datetime) -> dict[str, Any]:
    """Return the figures of `sites` from one day to another, both included (UTC).

    Medians are in seconds, and none where there is nothing to take them of.
    """
    ids = [site.pk for site in sites]
    made = _made(since, until)
    comments = Comment.objects.filter(site__in=ids, **made)
    decisions = Decision.objects.filter(comment__site__in=ids, **made)
    return {
        "from": since,
        "to": until,
        "received": comments.count(),
        "received_by_day": _by_day(comments, "created_at", "status"),
        "decisions": _decisions(decisions),
        "days": _by_day(decisions, "decided_at", "verdict"),
        "automated": _automated(ids, made),
        "seconds_to_decision": _seconds_to_decision(ids, made),
        "moderators": _moderators(decisions),
        "load": _load(decisions),
        "agreement": _agreement(decisions),
        "precision": _precision(decisions),
        "threads": _threads(comments),
        "reports": Report.objects.filter(comment__site__in=ids, **made).count(),
        "appeals": Appeal.objects.filter(decision__comment__site__in=ids, **made).count(),
        "waiting": Reviewable.objects.open().filter(site__in=ids).count(),
        "ages": _ages(ids, now=now),
        "seconds_waited": _seconds_waited(ids, since, until),
    }


def midnight(day: date) -> datetime:
    """Return the moment when a day begins (UTC)."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def _made(since: date, until: date) -> Mapping[str, UUID]:
    """Return the condition, on any row of ours, that it was made on one of these days."""
    return {
        "pk__gte": first_id_of(midnight(since)),
        "pk__lt": first_id_of(midnight(until + timedelta(days=1))),
    }


def _of_comments(made: Mapping[str, UUID]) -> dict[str, UUID]:
    return {f"comment__{name}": value for name, value in made.items()}


def _decisions(decisions: QuerySet[Decision]) -> dict[str, dict[str, int]]:
    told: dict[str, dict[str, int]] = {}
    rows = decisions.values_list("source", "verdict").annotate(n=Count("pk")).order_by()
    for source, verdict, n in rows:
        told.setdefault(source, {})[verdict] = n
    return told


def _by_day(rows: QuerySet[Any], moment: str, kind: str) -> list[dict[str, Any]]:
    counts = rows.annotate(day=TruncDate(moment)).values_list("day", kind)
    days: dict[date, dict[str, int]] = {}
    for day, value, n in counts.annotate(n=Count("pk")).order_by("day"):
        days.setdefault(day, {})[value] = n
    return [{"day": day, **values} for day, values in days.items()]


def _automated(ids: list[UUID], made: Mapping[str, UUID]) -> dict[str, int]:
    """Return how many of the comments that came in were settled by the rules alone."""
    effective = Decision.objects.effective().filter(
        comment__site__in=ids, revision=F("comment__revision"), **_of_comments(made)
    )
    by = dict(effective.values_list("source").annotate(n=Count("pk")).order_by())
    held = effective.filter(source=DecisionSource.AUTOMATION, verdict=Verdict.HOLD).count()
    return {
        "by_rules": by.get(DecisionSource.AUTOMATION, 0) - held,
        "by_people": by.get(DecisionSource.MODERATOR, 0),
        "waiting": held + by.get(DecisionSource.READERS, 0),
    }


def _seconds_to_decision(ids: list[UUID], made: Mapping[str, UUID]) -> float | None:
    """Return the median from a comment's arrival to the first word that was not to wait."""
    settled = Decision.objects.filter(
        comment__site__in=ids, revision=1, verdict__in=VERDICTS_SETTLING, **_of_comments(made)
    ).exclude(source=DecisionSource.IMPORT)
    rows = settled.values_list("comment").order_by("-comment")
    times = rows.annotate(first=Min("decided_at"), came=Min("comment__created_at"))[:MOST_ROWS]
    return median_seconds(first - came for _, first, came in times)


def _moderators(decisions: QuerySet[Decision]) -> dict[str, int]:
    by = decisions.filter(source=DecisionSource.MODERATOR, undoes=False).exclude(decided_by=None)
    return dict(by.values_list("decided_by__email").annotate(n=Count("pk")).order_by("-n"))


def _load(decisions: QuerySet[Decision]) -> list[dict[str, Any]]:
    """Return what each moderator decided, the busiest first."""
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
    """Return how often moderators confirmed what the rules had decided, and how often not.

    What the rules only held is neither: they asked.
    """
    ruled = _ruled(decisions).exclude(overrides__verdict=Verdict.HOLD)
    same = ruled.filter(verdict=F("overrides__verdict")).count()
    return {"confirmed": same, "changed": ruled.count() - same}


def _ruled(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Return what moderators said about something that the rules had decided."""
    return decisions.filter(
        source=DecisionSource.MODERATOR, undoes=False, overrides__source=DecisionSource.AUTOMATION
    )


def _precision(decisions: QuerySet[Decision]) -> list[dict[str, Any]]:
    """Return for each category how often people refused what the rules had held or refused for it.

    `precision` is that share: the rules were right to stop the comment. What people have not
    looked at is not in it.
    """
    stopped = _ruled(decisions).exclude(overrides__verdict=Verdict.APPROVE)
    rows = stopped.exclude(verdict=Verdict.HOLD).order_by("-id")
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for verdict, grounds in rows.values_list("verdict", "overrides__grounds")[:MOST_ROWS]:
        outcome = "refused" if verdict in VERDICTS_RESTRICTING else "approved"
        for blamed in {ground["category"] or ground["reason"] for ground in grounds}:
            counts[blamed][outcome] += 1
    by_number = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    return [
        {
            "ground": ground,
            "refused": count["refused"],
            "approved": count["approved"],
            "precision": round(count["refused"] / count.total(), 4),
        }
        for ground, count in by_number
    ]


def _threads(comments: QuerySet[Comment]) -> list[dict[str, Any]]:
    """Return the busiest threads."""
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
    """Return how many comments have waited for how long, at this moment."""
    bounds: dict[str, Q] = {}
    later = now
    for name, hours in AGES.items():
        at_most = Q(opened_at__gt=now - timedelta(hours=hours)) if hours else Q()
        bounds[name] = Q(opened_at__lte=later) & at_most
        later = now - timedelta(hours=hours or 0)
    counts = {name: Count("pk", filter=condition) for name, condition in bounds.items()}
    found: dict[str, int] = Reviewable.objects.open().filter(site__in=ids).aggregate(**counts)
    return found


def _seconds_waited(ids: list[UUID], since: date, until: date) -> float | None:
    begin, end = midnight(since), midnight(until + timedelta(days=1))
    waited = ExpressionWrapper(F("closed_at") - F("opened_at"), output_field=DurationField())
    closed = Reviewable.objects.filter(site__in=ids, closed_at__gte=begin, closed_at__lt=end)
    times = closed.annotate(waited=waited).order_by("-id").values_list("waited", flat=True)
    return median_seconds(times[:MOST_ROWS])


def median_seconds(durations: Iterable[timedelta]) -> float | None:
    """Return the median in seconds; None for no durations."""
    seconds = [duration.total_seconds() for duration in durations]
    return median(seconds) if seconds else None
