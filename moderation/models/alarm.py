"""Alarms: the thresholds of a site's queue, and the notification of those who moderate it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from comments.models import Site
from moderation.models.deliverable import (
    OptionalDeliverable,
    OptionalDeliverableQuerySet,
    waiting_index,
)
from moderation.models.retry_policy import RetryPolicy, seconds


class AlarmFormat(models.TextChoices):
    """The payload format of a webhook."""

    SLACK = "slack", "Incoming webhook of Slack, Mattermost, Rocket.Chat"
    JSON = "json", "Webhook with JSON"
    MESSENGER = "apprise", "Discord, Teams, Telegram, ntfy, Matrix and others"


class Alarm(OptionalDeliverable):
    """The thresholds of one site's queue, and how to notify when it exceeds them.

    `long_since`, `old_since` and `drifting_since` are set while a threshold is exceeded: each is
    notified of once, and again only after that has ended. `payload` is what the webhook must still
    receive; a newer one replaces it.
    """

    retry_policy = RetryPolicy(
        delays=seconds(30, 300, 1800, 7200, 21_600), lease=timedelta(seconds=60)
    )
    cleared_at_end: ClassVar[Mapping[str, Any]] = {"payload": None}
    # The fields that an owner sets; the others are state.
    SETTINGS: ClassVar = (
        "queue_size",
        "queue_hours",
        "digest_hour",
        "drift",
        "flood",
        "by_mail",
        "url",
        "shape",
    )

    site = models.OneToOneField(Site, models.CASCADE, related_name="alarm")
    queue_size = models.PositiveIntegerField(
        "when so many wait", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    queue_hours = models.PositiveIntegerField(
        "when one has waited for so many hours",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    digest_hour = models.PositiveSmallIntegerField(
        "what waits, each day at",
        null=True,
        blank=True,
        validators=[MaxValueValidator(23)],
        help_text="The hour, from 0 to 23 (UTC). No mail comes when nothing waits.",
    )
    drift = models.BooleanField(
        "when scores or verdicts drift",
        default=True,
        help_text="When the rules publish, hold and refuse other shares of the newest 200 comments "
        "than before, or scores are others: an attack, a word list, or a classifier that learned.",
    )
    flood = models.BooleanField(
        "when flood mode begins or ends",
        default=True,
        help_text="When far more comments of new authors came than usual, so that these wait.",
    )
    by_mail = models.BooleanField(
        "by mail",
        default=True,
        help_text="To the owners and moderators. They can decide from the mail.",
    )
    url = models.CharField(
        "messenger",
        max_length=2000,
        blank=True,
        help_text="The address of a webhook; of other messengers as Apprise writes it, such as "
        "discord://ID/TOKEN or ntfy://TOPIC.",
    )
    shape = models.CharField(
        "its format", max_length=8, choices=AlarmFormat, default=AlarmFormat.SLACK
    )
    long_since = models.DateTimeField(null=True, editable=False)
    old_since = models.DateTimeField(null=True, editable=False)
    drifting_since = models.DateTimeField(null=True, editable=False)
    digest_on = models.DateField(null=True, editable=False)
    payload = models.JSONField(null=True, editable=False)

    objects: ClassVar = OptionalDeliverableQuerySet["Alarm"].as_manager()

    class Meta:
        ordering: ClassVar = ["site__name"]
        indexes: ClassVar = [waiting_index("alarm_waiting")]

    def __str__(self) -> str:
        return f"Alarms of {self.site}"
