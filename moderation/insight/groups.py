"""Comments and decisions counted in groups; the counts add up over days and sites."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from comments.models import Comment
from comments.models.ids import min_id_at
from moderation.models import CountKind, Decision, DecisionSource
from moderation.rules.outcomes import STATUSES_REFUSED

# What the rows of a group have in common, in the order of BY; days as ISO dates.
Group = tuple[Any, ...]
# By what the rows of each kind are counted.
BY: dict[CountKind, tuple[str | TruncDate, ...]] = {
    CountKind.RECEIVED: (TruncDate("created_at", tzinfo=UTC), "status"),
    CountKind.DECIDED: (TruncDate("decided_at", tzinfo=UTC), "verdict", "source"),
    CountKind.BY_PEOPLE: (
        "decided_by",
        "verdict",
        "overrides__source",
        "overrides__verdict",
        "overridden_by__undoes",
    ),
    CountKind.STANDING: ("source", "verdict"),
}


class Days(NamedTuple):
    """Consecutive days (UTC), both inclusive."""

    first: date
    last: date


class ThreadCount(NamedTuple):
    """How many comments a thread received, and how many of them were refused."""

    thread: UUID
    number: int
    refused: int


def midnight(day: date) -> datetime:
    """Return the start of a day (UTC)."""
    return datetime.combine(day, time(), tzinfo=UTC)


def made_on(several: Collection[Days], path: str = "pk") -> Q:
    """Return the condition that an id, which sorts by time, was made on one of these days."""
    nothing = Q(**{f"{path}__in": []})
    return reduce(or_, (_made_between(days, path) for days in several), nothing)


def _made_between(days: Days, path: str) -> Q:
    end = min_id_at(midnight(days.last + timedelta(days=1)))
    return Q(**{f"{path}__gte": min_id_at(midnight(days.first)), f"{path}__lt": end})


def counts(
    kind: CountKind, several: Collection[Days], sites: Collection[UUID] | None
) -> Counter[Group]:
    """Return how many rows of these days each group has at the sites; None are all of them."""
    rows, _ = _rows(kind, several, sites)
    groups = rows.values_list(*BY[kind]).annotate(n=Count("pk")).order_by()
    return Counter({_group(values): n for *values, n in groups})


def counts_by_site(kind: CountKind, days: Days) -> Iterator[tuple[UUID, Group, int]]:
    """Yield site, group and number of rows of some days at all sites."""
    rows, site = _rows(kind, [days], None)
    groups = rows.values_list(site, *BY[kind]).annotate(n=Count("pk")).order_by()
    for pk, *values, n in groups:
        yield pk, _group(values), n


def threads(several: Collection[Days], sites: Collection[UUID] | None) -> Iterator[ThreadCount]:
    """Yield the counts of all threads that received comments on these days at the sites."""
    for pk, n, refused in _per_thread(several, sites).values_list("thread", "n", "refused"):
        yield ThreadCount(pk, n, refused)


def threads_by_site(days: Days) -> Iterator[tuple[UUID, ThreadCount]]:
    """Yield site and counts of all threads that received comments on some days."""
    rows = _per_thread([days], None).values_list("site", "thread", "n", "refused")
    for site, *values in rows:
        yield site, ThreadCount(*values)


def _per_thread(several: Collection[Days], sites: Collection[UUID] | None) -> QuerySet[Any]:
    comments, _ = _rows(CountKind.RECEIVED, several, sites)
    refused = Count("pk", filter=Q(status__in=STATUSES_REFUSED))
    per_thread: QuerySet[Any] = comments.values("site", "thread").annotate(
        n=Count("pk"), refused=refused
    )
    return per_thread.order_by()


def _rows(
    kind: CountKind, several: Collection[Days], sites: Collection[UUID] | None
) -> tuple[QuerySet[Any], str]:
    """Return the rows that are counted, and the path of fields to their site.

    Where all sites are meant, nothing need be joined with its comment to know its site.
    """
    comments = Comment.objects.filter(made_on(several))
    if kind is CountKind.RECEIVED:
        return (comments if sites is None else comments.filter(site__in=sites)), "site"
    if kind is CountKind.STANDING:
        decisions = _standing(several)
    else:
        decisions = Decision.objects.filter(made_on(several))
    if kind is CountKind.BY_PEOPLE:
        decisions = decisions.filter(source=DecisionSource.MODERATOR, undoes=False)
    if sites is not None:
        decisions = decisions.filter(comment__site__in=sites)
    return decisions, "comment__site"


def _standing(several: Collection[Days]) -> QuerySet[Decision]:
    """Return the effective decision on the present text of each comment received."""
    # Few comments were edited: an index of those is read, instead of all that were received.
    edited = Comment.objects.filter(pk=OuterRef("comment"), revision__gt=1)
    is_replaced = Exists(edited.exclude(revision=OuterRef("revision")))
    on_received = Decision.objects.filter(made_on(several, "comment"))
    standing: QuerySet[Decision] = on_received.effective().exclude(is_replaced)
    return standing


def _group(values: Sequence[Any]) -> Group:
    return tuple(value.isoformat() if isinstance(value, date) else value for value in values)
