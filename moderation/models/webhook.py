"""Webhooks: the addresses of sites that are told what happens, and what came of telling."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from comments.models import Comment, Site
from comments.models.ids import new_id


class EventType(models.TextChoices):
    """What may happen."""

    RECEIVED = "comment.received", "A comment came in"
    APPROVED = "comment.approved", "A comment was approved"
    HELD = "comment.held", "A comment was held"
    REJECTED = "comment.rejected", "A comment was rejected"
    SPAM = "comment.spam", "A comment was found to be spam"
    DELETED = "comment.deleted", "A comment was deleted"
    REPORT = "report.created", "A reader reported a comment"
    APPEAL = "appeal.submitted", "An author appealed"
    APPEAL_RESOLVED = "appeal.resolved", "An appeal was answered"
    TEST = "webhook.test", "Somebody tries the webhook"


ALL = "*"


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Webhooks, by whether they are told anything."""

    def active(self) -> "WebhookQuerySet":
        """Keep those that are not switched off."""
        return self.filter(disabled_at=None)


class Webhook(models.Model):
    """An address that is told of events; `events` names them, `*` means all.

    Secrets are kept encrypted. After a rotation the former one signs, too, until `former_until`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=2000)
    description = models.CharField(max_length=200, blank=True)
    events = models.JSONField(default=list)
    with_addresses = models.BooleanField(
        "send email addresses",
        default=False,
        help_text="Events then hold the author's address in plain text.",
    )
    secret = models.TextField(editable=False)
    former_secret = models.TextField(blank=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_because = models.CharField(max_length=200, blank=True)
    # One that does not answer is left alone for a while, whatever waits to be told.
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    resting_until = models.DateTimeField(null=True, editable=False)

    objects: ClassVar = WebhookQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.url

    def wants(self, event_type: str) -> bool:
        """Tell whether it is told of events of this type; a test is for whom it is meant."""
        return event_type in self.events or (ALL in self.events and event_type != EventType.TEST)


class Event(models.Model):
    """Something that happened, written in the transaction of what it tells.

    It is there only where a webhook wants it. `data` is as things were; it holds no address.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="events")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="events")
    type = models.CharField(max_length=32, choices=EventType)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class DeliveryState(models.TextChoices):
    """Where the telling of one event stands."""

    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    DEAD = "dead", "Given up"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries, by whether it is their turn."""

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Keep those whose time has come, of each comment's only the first that waits.

        So a receiver hears of one comment in the order in which things happened.
        """
        earlier = Delivery.objects.filter(
            webhook=OuterRef("webhook"),
            comment=OuterRef("comment"),
            state=DeliveryState.WAITING,
            pk__lt=OuterRef("pk"),
        )
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        rested = Q(webhook__resting_until=None) | Q(webhook__resting_until__lte=now)
        return self.filter(
            ~Exists(earlier),
            free,
            rested,
            state=DeliveryState.WAITING,
            next_attempt_at__lte=now,
        )


class Delivery(models.Model):
    """The telling of one event to one webhook, tried until it works or is given up."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=16, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state=DeliveryState.WAITING),
                name="delivery_waiting",
            ),
            models.Index(
                fields=["webhook", "comment", "id"],
                condition=Q(state=DeliveryState.WAITING),
                name="delivery_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event.type} to {self.webhook}"


class Attempt(models.Model):
    """One try: what the receiver answered, or why nobody did; `seconds` it took."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    excerpt = models.TextField(blank=True)
    error = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(default=0.0)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return str(self.status or self.error)
