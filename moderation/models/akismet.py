"""Checks of Akismet-compatible plugins, as far as later requests refer to them; and usage."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F

from comments.models import Comment, SiteKey, Status
from comments.models.ids import new_id
from moderation.models.deliverable import (
    OptionalDeliverable,
    OptionalDeliverableQuerySet,
    waiting_index,
)
from moderation.models.retry_policy import RetryPolicy, seconds

DECIDED = (Status.APPROVED, Status.REJECTED, Status.SPAM, Status.DELETED)


class AkismetCheckQuerySet(OptionalDeliverableQuerySet["AkismetCheck"]):
    """Checks, by whether a callback to the plugin is due."""

    def due(self, now: datetime) -> Self:
        """Keep those whose comment is decided on, and whose decision can't be undone any more."""
        undoable_since = now - timedelta(seconds=settings.UNDO_SECONDS)
        decided = super().due(now).filter(comment__status__in=DECIDED)
        return decided.exclude(comment__decisions__decided_at__gt=undoable_since)


class AkismetCheck(OptionalDeliverable):
    """One `comment-check`: a fingerprint of text and author, and no word of either.

    Where the comment was put into our queue, a moderator's verdict is sent to `callback` later.
    The plugin expects its own key in that request; it is kept encrypted until then.
    """

    retry_policy = RetryPolicy(
        delays=seconds(60, 600, 3600, 21_600, 86_400), lease=timedelta(seconds=60)
    )
    cleared_at_end: ClassVar[Mapping[str, Any]] = {"callback_key": ""}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(SiteKey, models.CASCADE, related_name="checks", db_index=False)
    fingerprint = models.CharField(max_length=64)
    is_spam = models.BooleanField()
    created_at = models.DateTimeField(db_index=True)
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True, related_name="akismet_checks")
    callback = models.CharField(max_length=2000, blank=True)
    callback_key = models.TextField(blank=True)
    post_id = models.CharField(max_length=32, blank=True)

    objects: ClassVar = AkismetCheckQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            waiting_index("akismet_callback_waiting"),
            models.Index(fields=["key", "fingerprint", "-id"], name="akismet_by_fingerprint"),
        ]

    def __str__(self) -> str:
        return f"Check {self.id}"


# Rows among which the counters of a day are spread: concurrent checks must not wait for each other
# in order to increment the same row.
SHARDS = 16


class AkismetUsage(models.Model):
    """Counters of one key on one day (UTC) for one website: the sum of all shards counts."""

    key = models.ForeignKey(SiteKey, models.CASCADE, related_name="usage", db_index=False)
    day = models.DateField()
    host = models.CharField(max_length=253)
    shard = models.PositiveSmallIntegerField(default=0)
    spam = models.PositiveIntegerField(default=0)
    ham = models.PositiveIntegerField(default=0)
    missed_spam = models.PositiveIntegerField(default=0)
    false_positives = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "day", "host", "shard"], name="one_usage_per_key_day_host_and_shard"
            )
        ]

    def __str__(self) -> str:
        return f"{self.host} on {self.day}"

    @classmethod
    def add(cls, key: SiteKey, host: str, *, day: date, **numbers: int) -> None:
        """Increment the counters of a day."""
        row: dict[str, Any] = {
            "key": key,
            "day": day,
            "host": host[:253],
            "shard": secrets.randbelow(SHARDS),
        }
        rows = cls.objects.filter(**row)
        more = {name: F(name) + by for name, by in numbers.items()}
        if not rows.update(**more):
            cls.objects.get_or_create(**row)
            rows.update(**more)
