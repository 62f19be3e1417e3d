"""What Akismet-compatible plugins asked, as far as later calls of theirs refer to it."""

import secrets
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from comments.models import Comment, SiteKey
from comments.models.ids import new_id


class CallbackState(models.TextChoices):
    """Where the answer to the site stands that it was promised for later."""

    NONE = "", "None was promised"
    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    DEAD = "dead", "Given up"


class AkismetCheck(models.Model):
    """One `comment-check`. No text is kept, and nothing on its author: a fingerprint of them.

    Where the comment was put into our queue, the person's verdict goes to `callback`; the plugin
    wants its own key in that, which is kept encrypted for as long.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(SiteKey, models.CASCADE, related_name="checks", db_index=False)
    fingerprint = models.CharField(max_length=64)
    is_spam = models.BooleanField()
    created_at = models.DateTimeField(db_index=True)
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True, related_name="akismet_checks")
    callback = models.CharField(max_length=2000, blank=True)
    callback_key = models.TextField(blank=True)
    post_id = models.CharField(max_length=32, blank=True)
    callback_state = models.CharField(max_length=16, choices=CallbackState, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["key", "fingerprint", "-id"], name="akismet_by_fingerprint"),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(callback_state=CallbackState.WAITING),
                name="akismet_callback_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"Check {self.id}"


# Rows among which the numbers of a day are spread: checks at the same time must not wait for each
# other, to add one to the same row.
SHARDS = 16


class AkismetUsage(models.Model):
    """A part of what one key was used for on one day (UTC) by one website: add the rows up."""

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
        """Add to the numbers of a day."""
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
