"""Notifications: which subscriber is told of which comment, so that nobody is told twice."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from comments.models import Comment
from comments.models.subscription import Subscriber, Subscription
from moderation.models.mail import Mail


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications, by whether a mail was written."""

    def due(self, now: datetime) -> "NotificationQuerySet":
        """Keep those for which it is time to write a mail."""
        return self.filter(notified_at=None, due_at__lte=now)


class Notification(models.Model):
    """That a subscriber is to be told of a public comment, from `due_at` on; `mail` told it.

    It goes with the `subscription` by which it came about.
    """

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="notifications")
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="notifications")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="notifications")
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="notifications")
    due_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)

    objects: ClassVar = NotificationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscriber", "comment"], name="one_notification_per_comment"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(notified_at=None), name="notification_due")
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} to {self.subscriber_id}"
