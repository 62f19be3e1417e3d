"""Counts of whole days (UTC), from which the figures of a period are added up: a rollup.

`moderation.insight.rollup` makes them and tells when a day has to be counted again.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.db import models

from comments.models import Site
from comments.models.ids import made_at


class CountKind(models.TextChoices):
    """What is counted of a day, and by what: see `moderation.insight.groups`."""

    RECEIVED = "RECEIVED"
    DECIDED = "DECIDED"
    BY_PEOPLE = "BY_PEOPLE"
    STANDING = "STANDING"


class CountedDayQuerySet(models.QuerySet["CountedDay"]):
    """Which days are counted."""

    def discard(self, ids: Iterable[UUID]) -> None:
        """Have the days counted again on which these comments or decisions were made."""
        self.filter(day__in=days_of(ids)).delete()

    def discard_threads(self, threads: Iterable[UUID]) -> None:
        """Have the days counted again on which threads were commented on that were merged."""
        days = DailyThreadCount.objects.filter(thread__in=list(threads))
        self.filter(day__in=days.values("day")).delete()


class CountedDay(models.Model):
    """A day whose counts at all sites are stored; nothing had changed them at `checked_at`."""

    day = models.DateField(primary_key=True)
    checked_at = models.DateTimeField()

    objects: ClassVar = CountedDayQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.day)


class DailyCount(models.Model):
    """How many comments or decisions of a day at a site are alike: of one group, as JSON."""

    day = models.ForeignKey(CountedDay, models.CASCADE, related_name="counts", db_index=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=CountKind)
    group = models.CharField(max_length=200)
    number = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day", "site"], name="count_by_day")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.group}"


class DailyThreadCount(models.Model):
    """How many comments a thread received on a day, and how many of them were refused."""

    day = models.ForeignKey(CountedDay, models.CASCADE, related_name="+", db_index=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="+", db_index=False)
    # Not a foreign key: it tells on which days a thread had comments that was merged and is gone.
    thread = models.UUIDField()
    number = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day", "site"], name="thread_count_by_day"),
            models.Index(fields=["thread"], name="thread_count"),
        ]

    def __str__(self) -> str:
        return f"{self.number} in {self.thread}"


def days_of(ids: Iterable[UUID]) -> set[date]:
    """Return the days (UTC) on which rows with these ids were made."""
    return {made_at(pk).date() for pk in ids}
