"""Notices: which subscriber is told of which comment, so that nobody is told twice."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from comments.models import Comment
from comments.models.subscription import Subscriber, Subscription
from moderation.models.mail import Mail


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices, by whether a mail was written."""

    def due(self, now: datetime) -> "NoticeQuerySet":
        """Keep those for which it is time to write a mail."""
        return self.filter(told_at=None, due_at__lte=now)


class Notice(models.Model):
    """That a subscriber is to be told of a public comment, from `due_at` on; `mail` told it.

    It goes with the `subscription` by which it came about.
    """

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="notices")
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="notices")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="notices")
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="notices")
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subscriber", "comment"], name="one_notice_per_comment")
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(told_at=None), name="notice_due")
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} to {self.subscriber_id}"
