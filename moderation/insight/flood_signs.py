"""Signs of a flood: how many comments of new authors came of late, and how many are usual.

New is who was first seen within a day, and who gave no address. What became of the comments does
not count: a clever flood is published, a classifier that is away holds everything, and what flood
mode holds must not prolong it. `docs/decisions/0250-flood-mode.md` weighs the rule.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from comments.models import Comment, Site, Status
from comments.models.ids import min_id_at

# What is counted at once. It lasts where a share of it came before these five minutes, and goes on
# where one came in the last two: what is over again needs nobody's guard.
WINDOW, BEFORE, LATELY = timedelta(minutes=10), timedelta(minutes=5), timedelta(minutes=2)
SHARE = 10
# With what it is compared: a week, which has each hour of the day, up to an hour ago.
WEEK, UNTIL = timedelta(days=7), timedelta(hours=1)
NEW = timedelta(days=1)


class Signs(NamedTuple):
    """Comments of new authors in ten minutes, and those of everybody that are usual in such."""

    strangers: int
    usual: float


def crowded(*, now: datetime) -> dict[UUID, int]:
    """Return the sites where new authors write, and go on to, as much as may be a flood."""
    counted = of_strangers(came(now - WINDOW, now), now=now).values("site").order_by()
    some = max(1, settings.FLOOD_LEAST // SHARE)
    many = counted.annotate(
        n=Count("pk"),
        before=Count("pk", filter=Q(pk__lt=min_id_at(now - BEFORE))),
        lately=Count("pk", filter=Q(pk__gte=min_id_at(now - LATELY))),
    ).filter(n__gte=settings.FLOOD_LEAST, before__gte=some, lately__gte=some)
    return dict(many.values_list("site", "n"))


def signs(site: Site, *, strangers: int, now: datetime) -> Signs:
    """Return the signs of a site where so many comments of new authors came."""
    # Beyond this it is no flood, however much more is usual: counting ends there.
    enough = int(strangers * (WEEK / WINDOW) / settings.FLOOD_TIMES) + 1
    return Signs(strangers, past(site, now=now)[:enough].count() / (WEEK / WINDOW))


def past(site: Site, *, now: datetime) -> "QuerySet[Comment, Comment]":
    """Return what was written at a site in the week with which it is compared, in no order."""
    week = came(now - WEEK - UNTIL, now - UNTIL)
    return week.filter(site=site, status__in=Status.values).order_by()


def is_flood(found: Signs) -> bool:
    """Return whether so many are far above the usual."""
    enough = max(settings.FLOOD_LEAST, settings.FLOOD_TIMES * found.usual)
    return bool(settings.FLOOD_LEAST) and found.strangers >= enough


def is_calm(site: Site, *, now: datetime) -> bool:
    """Return whether less came in the calm time than half of what makes a flood in ten minutes."""
    since = now - timedelta(minutes=settings.FLOOD_CALM_MINUTES)
    if site.flood_pressed_at and site.flood_pressed_at > since:
        return False
    lately = came(since, now).filter(site=site, status__in=Status.values)
    strangers = of_strangers(lately, now=now).count()
    return strangers < 2 or not is_flood(signs(site, strangers=2 * strangers, now=now))


def came(since: datetime, until: datetime) -> "QuerySet[Comment, Comment]":
    """Return what was written in a time; imports get new ids, but keep their dates."""
    in_time = Q(pk__gte=min_id_at(since), pk__lt=min_id_at(until))
    return Comment.objects.filter(in_time, created_at__gte=since)


def of_strangers(
    comments: "QuerySet[Comment, Comment]", *, now: datetime
) -> "QuerySet[Comment, Comment]":
    """Keep what new authors wrote."""
    return comments.filter(Q(author=None) | Q(author__first_seen_at__gt=now - NEW))


def rested(sites: Iterable[Site], *, now: datetime, rest: timedelta) -> list[Site]:
    """Return the sites where no person ended flood mode of late."""
    return [s for s in sites if s.flood_ended_at is None or s.flood_ended_at <= now - rest]
