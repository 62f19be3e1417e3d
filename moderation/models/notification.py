"""Notifications of subscribers about comments, so that each gets one once."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from comments.models import Comment
from comments.models.subscription import Subscriber, Subscription
from moderation.models.mail import Mail


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications, by whether an email message was composed."""

    def due(self, now: datetime) -> "NotificationQuerySet":
        """Keep those whose email message is to be composed now."""
        return self.filter(notified_at=None, due_at__lte=now)


class Notification(models.Model):
    """A public comment of which a subscriber is notified by `mail`, at `due_at` at the earliest.

    It is deleted with the `subscription` that caused it.
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
