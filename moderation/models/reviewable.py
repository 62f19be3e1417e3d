"""Reviewables: the entries of the moderation queue."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from comments.models import Comment, Site
from comments.models.ids import new_id
from comments.text import language


class QueueReason(models.TextChoices):
    """Why a comment is in the queue."""

    SCREENED = "SCREENED", "held by the rules"
    REPORTED = "REPORTED", "reported by readers"
    APPEALED = "APPEALED", "the author appeals"
    HELD = "HELD", "held by a moderator"


class ReviewableQuerySet(models.QuerySet["Reviewable"]):
    """Filters for the queue, which is a query."""

    def open(self) -> "ReviewableQuerySet":
        """Keep the entries that are not closed."""
        return self.filter(closed_at=None)

    def at(self, sites: Iterable[Site]) -> "ReviewableQuerySet":
        """Keep the entries of these sites, whose ids are fetched first.

        With literal ids the database reads the queue by its index and stops at the end of the page;
        with a subquery or a join it sorts all of it.
        """
        return self.filter(site__in=[site.pk for site in sites])

    def with_comments(self) -> "ReviewableQuerySet":
        """Prefetch what a queue shows, in separate queries."""
        return self.prefetch_related(
            "site", "claimed_by", "comment__site", "comment__thread", "comment__author"
        )

    def unclaimed(self, now: datetime) -> "ReviewableQuerySet":
        """Keep the entries that nobody has claimed, or whose claim has expired."""
        return self.filter(Q(claimed_until=None) | Q(claimed_until__lte=now))


# A comment of risk 0 that has waited for so long ranks above a new one of risk 1.
PATIENCE = timedelta(days=7)


def rank(priority: float, *, opened_at: datetime) -> float:
    """Return the sort key of a queue entry: the greater, the sooner it is shown.

    All entries age alike, so the order by risk plus waiting time does not change with time, and can
    be stored and indexed.
    """
    return priority - opened_at.timestamp() / PATIENCE.total_seconds()


class Reviewable(models.Model):
    """A comment that waits for a moderator; `priority` is its risk, from 0 to 1.

    An escalated one is for the owners of the site. `language` is the ISO 639-1 code of the text's
    language; "" where it is not clear.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="reviewables")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reviewables")
    why = models.CharField(max_length=16, choices=QueueReason)
    category = models.CharField(max_length=32, blank=True)
    language = models.CharField(max_length=8, blank=True)
    priority = models.FloatField(default=0.5)
    rank = models.FloatField(editable=False)
    opened_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    escalated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    escalated_why = models.CharField(max_length=1000, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="claims"
    )
    claimed_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar = ReviewableQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comment"], condition=Q(closed_at=None), name="one_open_reviewable"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["site", "-rank", "id"],
                condition=Q(closed_at=None),
                name="queue_by_rank",
            ),
            models.Index(fields=["site", "id"], condition=Q(closed_at=None), name="queue_by_age"),
            # For several sites at once: the indexes above would have to be merged.
            models.Index(fields=["-rank", "id"], condition=Q(closed_at=None), name="queue_of_all"),
            models.Index(fields=["id"], condition=Q(closed_at=None), name="queue_of_all_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_why_display()}: {self.comment}"

    @classmethod
    def of(
        cls,
        comment: Comment,
        *,
        why: QueueReason,
        now: datetime,
        priority: float = 0.5,
        category: str = "",
    ) -> "Reviewable":
        """Return an unsaved queue entry for a comment, opened now."""
        return cls(
            site_id=comment.site_id,
            comment=comment,
            why=why,
            category=category,
            language=language.detect(comment.body),
            priority=priority,
            rank=rank(priority, opened_at=now),
            opened_at=now,
        )

    def weigh(self, priority: float) -> None:
        """Set the risk and the rank that follows from it; does not save."""
        self.priority, self.rank = priority, rank(priority, opened_at=self.opened_at)
