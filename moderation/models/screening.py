"""Due screenings: a job queue in the database."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from comments.models import Comment


class ScreeningQuerySet(models.QuerySet["Screening"]):
    """Due screenings, filtered by their claims."""

    def unclaimed(self) -> "ScreeningQuerySet":
        """Keep those that no worker has claimed yet, and that aren't deferred."""
        return self.filter(attempts=0, waits_until=None)

    def expired(self, now: datetime) -> "ScreeningQuerySet":
        """Keep those whose lease has expired: their worker has most likely died."""
        return self.filter(attempts__gt=0, claimed_until__lt=now)


class Screening(models.Model):
    """A comment that is due for screening; the row is deleted with the decision.

    This table is the job queue, and the broker's messages only make workers look at it.
    """

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="screening")
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True)
    # An external moderator has until then to answer: `moderation.screening.external.inquiries`.
    waits_until = models.DateTimeField(null=True)

    objects: ClassVar = ScreeningQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                name="screening_fresh",
                condition=Q(attempts=0, waits_until=None),
            ),
            models.Index(
                fields=["waits_until"],
                name="screening_waits",
                condition=Q(waits_until__isnull=False),
            ),
            models.Index(
                fields=["claimed_until"], name="screening_claimed", condition=Q(attempts__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"Screening of {self.comment_id}"
