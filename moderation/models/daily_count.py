"""Counts of whole days (UTC), from which the figures of a period are added up: a rollup.

`moderation.insight.rollup` makes them and tells when a day has to be counted again.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.db import models

from comments.models import Comment, Site
from comments.models.ids import made_at, new_id


class CountKind(models.TextChoices):
    """What is counted of a day, and by what: see `moderation.insight.groups`."""

    RECEIVED = "RECEIVED"
    DECIDED = "DECIDED"
    BY_PEOPLE = "BY_PEOPLE"
    STANDING = "STANDING"


class CountedDay(models.Model):
    """A day whose counts at all sites are stored; nothing had changed them at `checked_at`."""

    day = models.DateField(primary_key=True)
    checked_at = models.DateTimeField()

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
    # Not a foreign key: what is merged into another thread is counted again, and not only gone.
    thread = models.UUIDField()
    number = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day", "site"], name="thread_count_by_day")]

    def __str__(self) -> str:
        return f"{self.number} in {self.thread}"


class ChangedDayQuerySet(models.QuerySet["ChangedDay"]):
    """Days to be counted again."""

    def mark(self, ids: Iterable[UUID]) -> None:
        """Have the days counted again on which these comments or decisions were made."""
        self.bulk_create(ChangedDay(day=day) for day in sorted(days_of(ids)))

    def mark_threads(self, threads: Iterable[UUID]) -> None:
        """Have the days counted again on which these threads received comments."""
        comments = Comment.objects.filter(thread__in=list(threads)).order_by()
        self.mark(comments.values_list("pk", flat=True).iterator())


class ChangedDay(models.Model):
    """A day whose counts were changed by something other than a decision.

    It is written with the change, and read by its id, which sorts by time, as decisions are.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField()

    objects: ClassVar = ChangedDayQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.day)


def days_of(ids: Iterable[UUID]) -> set[date]:
    """Return the days (UTC) on which rows with these ids were made."""
    return {made_at(pk).date() for pk in ids}
