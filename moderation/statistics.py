"""Figures: what came in, what was decided by whom, and how long people waited."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from comments.models import Comment, Site
from comments.models.ids import first_id_of
from moderation.models import Appeal, Decision, Report, Reviewable, Source

# Of the times people waited so many are looked at, the latest.
MOST_TIMES = 5000


def figures(sites: Iterable[Site], *, since: date, until: date) -> dict[str, Any]:
    """Return the figures of `sites` from one day to another, both included (UTC).

    `seconds_waited` is the median time that comments waited in the queue; none where none did.
    """
    ids = [site.pk for site in sites]
    begin, end = _midnight(since), _midnight(until + timedelta(days=1))
    made = {"pk__gte": first_id_of(begin), "pk__lt": first_id_of(end)}
    decisions = Decision.objects.filter(comment__site__in=ids, **made)
    return {
        "from": since,
        "to": until,
        "received": Comment.objects.filter(site__in=ids, **made).count(),
        "decisions": _decisions(decisions),
        "days": _days(decisions),
        "moderators": _moderators(decisions),
        "agreement": _agreement(decisions),
        "reports": Report.objects.filter(comment__site__in=ids, **made).count(),
        "appeals": Appeal.objects.filter(decision__comment__site__in=ids, **made).count(),
        "waiting": Reviewable.objects.open().filter(site__in=ids).count(),
        "seconds_waited": _seconds_waited(ids, begin, end),
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def _decisions(decisions: QuerySet[Decision]) -> dict[str, dict[str, int]]:
    told: dict[str, dict[str, int]] = {}
    rows = decisions.values_list("source", "verdict").annotate(n=Count("pk")).order_by()
    for source, verdict, n in rows:
        told.setdefault(source, {})[verdict] = n
    return told


def _days(decisions: QuerySet[Decision]) -> list[dict[str, Any]]:
    rows = decisions.annotate(day=TruncDate("decided_at")).values_list("day", "verdict")
    days: dict[date, dict[str, int]] = {}
    for day, verdict, n in rows.annotate(n=Count("pk")).order_by("day"):
        days.setdefault(day, {})[verdict] = n
    return [{"day": day, **verdicts} for day, verdicts in days.items()]


def _moderators(decisions: QuerySet[Decision]) -> dict[str, int]:
    by = decisions.filter(source=Source.MODERATOR, undoes=False).exclude(decided_by=None)
    return dict(by.values_list("decided_by__email").annotate(n=Count("pk")).order_by("-n"))


def _agreement(decisions: QuerySet[Decision]) -> dict[str, int]:
    """Return how often moderators confirmed what the rules had decided, and how often not.

    What the rules only held is neither: they asked.
    """
    ruled = decisions.filter(
        source=Source.MODERATOR, undoes=False, overrides__source=Source.AUTOMATION
    ).exclude(overrides__verdict="HOLD")
    same = ruled.filter(verdict=F("overrides__verdict")).count()
    return {"confirmed": same, "changed": ruled.count() - same}


def _seconds_waited(ids: list[Any], begin: datetime, end: datetime) -> float | None:
    waited = ExpressionWrapper(F("closed_at") - F("opened_at"), output_field=DurationField())
    closed = Reviewable.objects.filter(site__in=ids, closed_at__gte=begin, closed_at__lt=end)
    times = closed.annotate(waited=waited).order_by("-id").values_list("waited", flat=True)
    seconds = [duration.total_seconds() for duration in times[:MOST_TIMES]]
    return median(seconds) if seconds else None
