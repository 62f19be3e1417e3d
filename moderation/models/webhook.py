"""Webhooks: endpoints of sites that receive events, and the deliveries with their attempts."""

import math
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Site
from comments.models.ids import new_id
from moderation.models.deliverable import (
    Deliverable,
    DeliverableQuerySet,
    DeliveryState,
)
from moderation.models.retry_policy import RetryPolicy, seconds
from moderation.models.signed_endpoint import SignedEndpoint


class EventType(models.TextChoices):
    """Types of events, as receivers know them."""

    RECEIVED = "comment.received", _("A comment came in")
    APPROVED = "comment.approved", _("A comment was approved")
    HELD = "comment.held", _("A comment was held")
    REJECTED = "comment.rejected", _("A comment was rejected")
    SPAM = "comment.spam", _("A comment was found to be spam")
    DELETED = "comment.deleted", _("A comment was deleted")
    REPORT = "report.created", _("A reader reported a comment")
    APPEAL = "appeal.submitted", _("An author appealed")
    APPEAL_RESOLVED = "appeal.resolved", _("An appeal was answered")
    TEST = "webhook.test", _("Somebody tries the webhook")


ALL = "*"


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Webhooks, by whether events are sent to them."""

    def active(self) -> "WebhookQuerySet":
        """Keep those that are not disabled."""
        return self.filter(disabled_at=None)

    def with_due(self, now: datetime) -> "WebhookQuerySet":
        """Keep those to which something is to be sent now, the longest due first."""
        awake = Q(paused_until=None) | Q(paused_until__lte=now)
        due = Delivery.objects.first_due(now).filter(webhook=OuterRef("pk"))
        since = Subquery(due.order_by("next_attempt_at").values("next_attempt_at")[:1])
        waiting = self.active().filter(awake).annotate(due_since=since)
        return waiting.exclude(due_since=None).order_by("due_since")


class Webhook(SignedEndpoint):
    """An endpoint that receives events; `events` names their types, `*` means all."""

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="webhooks", verbose_name=_("site")
    )
    description = models.CharField(_("description"), max_length=200, blank=True)
    events = models.JSONField(_("events"), default=list)
    with_addresses = models.BooleanField(
        _("send email addresses"),
        default=False,
        help_text=_("Events then hold the author's address in plain text."),
    )
    # A receiver that is busy or away gets nothing for a while, whatever is due.
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    paused_until = models.DateTimeField(null=True, editable=False)

    objects: ClassVar = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering: ClassVar = ["-id"]

    def wants(self, event_type: str) -> bool:
        """Tell whether it subscribes to events of this type; nothing subscribes to tests."""
        return event_type in self.events or (ALL in self.events and event_type != EventType.TEST)

    def disable(self, *, because: str, now: datetime) -> None:
        """Send no further event, and give up the deliveries that wait."""
        super().disable(because=because, now=now)
        Delivery.objects.filter(webhook=self).give_up(because)


class Event(models.Model):
    """Something that happened, recorded in the transaction of the change itself.

    It is there only where a webhook subscribes to it. `data` is the payload as things were at that
    moment; it holds no email address.
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


class DeliveryQuerySet(DeliverableQuerySet["Delivery"]):
    """Deliveries to webhooks that are active and not paused."""

    def due(self, now: datetime) -> Self:
        """Keep the deliveries to attempt now."""
        awake = Q(webhook__paused_until=None) | Q(webhook__paused_until__lte=now)
        return self.first_due(now).filter(awake, webhook__disabled_at=None)

    def first_due(self, now: datetime) -> Self:
        """Keep of each comment only the first that waits, if its time has come.

        So a receiver gets the events of one comment in their order.
        """
        # As text, which no index is of: those of one comment are few, and those of one webhook may
        # be a hundred thousand, through which PostgreSQL would look for each delivery while its
        # statistics are of a time when few waited.
        to = Cast("webhook", models.TextField())
        earlier = Delivery.objects.annotate(to=to).filter(
            to=Cast(OuterRef("webhook"), models.TextField()),
            comment=OuterRef("comment"),
            state=DeliveryState.WAITING,
            pk__lt=OuterRef("pk"),
        )
        return super().due(now).filter(~Exists(earlier))

    def lock_due(self, *, now: datetime, most: int) -> list["Delivery"]:
        """Return due deliveries, in equal shares of the webhooks for which there are some.

        Webhook by webhook, so that what waits for one that is paused is not even read.
        """
        rows: list[Delivery] = []
        webhooks = list(Webhook.objects.with_due(now).values_list("pk", flat=True)[:most])
        for n, webhook in enumerate(webhooks):
            share = math.ceil((most - len(rows)) / (len(webhooks) - n))
            # What comes along with a delivery is read when few of them are left.
            narrow = self.select_related(None).only("pk").filter(webhook=webhook)
            rows += narrow.lock_longest_due(now=now, most=share)
        return list(self.filter(pk__in=[row.pk for row in rows]).order_by("next_attempt_at", "pk"))


class Delivery(Deliverable):
    """The delivery of one event to one webhook."""

    # The schedule of Standard Webhooks: three and a half days in all.
    retry_policy = RetryPolicy(
        delays=seconds(5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400),
        jitter=0.1,
        lease=timedelta(seconds=60),
        batch=16,
    )
    succeeded_at = "delivered_at"

    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    comment = models.ForeignKey(
        Comment, models.CASCADE, null=True, related_name="+", verbose_name=_("comment")
    )
    delivered_at = models.DateTimeField(_("delivered"), null=True)

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["webhook", "next_attempt_at", "id"],
                condition=Q(state=DeliveryState.WAITING),
                name="delivery_waiting",
            ),
            models.Index(
                fields=["comment", "id"],
                condition=Q(state=DeliveryState.WAITING),
                name="delivery_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event.get_type_display()} → {self.webhook}"


class Attempt(models.Model):
    """The log of one attempt: the response or the error, and how many `seconds` it took."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField(_("when"))
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    excerpt = models.TextField(_("excerpt"), blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    seconds = models.FloatField(default=0.0)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return str(self.status or self.error)
