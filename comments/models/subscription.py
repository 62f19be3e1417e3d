"""Subscriptions to replies by mail, with confirmed addresses."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q

from comments.models.author import Author
from comments.models.comment import Comment
from comments.models.ids import new_id
from comments.models.thread import Thread


class Frequency(models.TextChoices):
    """How often to send notifications by mail."""

    AT_ONCE = "at_once", "At once"
    DAILY = "daily", "Once a day at most"


class Subscriber(models.Model):
    """An author who requested notifications at a site; gets none before confirming the address.

    `language` is the language of the email messages.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    author = models.OneToOneField(Author, models.CASCADE, related_name="subscriber")
    language = models.CharField(max_length=16)
    frequency = models.CharField(max_length=16, choices=Frequency, default=Frequency.AT_ONCE)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_digest_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.author} ({self.get_frequency_display()})"


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Queries for subscriptions."""

    def about(self, comments: Iterable[Comment]) -> "SubscriptionQuerySet":
        """Keep the confirmed subscriptions that may cover one of these comments."""
        comments = list(comments)
        on_page = Q(thread__in={c.thread_id for c in comments}, comment=None)
        below = Q(comment__in={c.parent_id for c in comments if c.parent_id})
        confirmed = self.exclude(subscriber__confirmed_at=None)
        return confirmed.filter(on_page | below).select_related("subscriber")


class Subscription(models.Model):
    """A subscription to the replies to a comment, or to all comments of a thread."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="subscriptions")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="subscriptions")
    created_at = models.DateTimeField()

    objects: ClassVar = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscriber", "comment"], name="one_subscription_per_comment"
            ),
            models.UniqueConstraint(
                fields=["subscriber", "thread"],
                condition=Q(comment=None),
                name="one_subscription_per_thread",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id}: {self.comment or self.thread}"

    def covers(self, comment: Comment) -> bool:
        """Return whether the subscriber is notified of a comment: never of an own one."""
        if comment.author_id == self.subscriber.author_id:
            return False
        if self.comment_id is None:
            return comment.thread_id == self.thread_id
        return comment.parent_id == self.comment_id
