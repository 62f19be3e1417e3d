"""Alarms: when a site's moderators are told that the queue is long, or old."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from comments.models import Site


class AlarmFormat(models.TextChoices):
    """How a webhook wants to hear of it."""

    SLACK = "slack", "Slack, Mattermost, Rocket.Chat"
    JSON = "json", "JSON"


class Alarm(models.Model):
    """The limits of one site's queue, and whom to tell when it passes them.

    `long_since` and `old_since` are set while a limit is passed: of each crossing is told once, and
    again only after the queue has fallen below it. `unsent` is what the webhook has not taken yet.
    """

    site = models.OneToOneField(Site, models.CASCADE, related_name="alarm")
    queue_size = models.PositiveIntegerField(
        "when more than so many wait", null=True, blank=True, validators=[MinValueValidator(1)]
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
    by_mail = models.BooleanField(
        "by mail",
        default=True,
        help_text="To the owners and moderators. They can decide from the mail.",
    )
    url = models.CharField(
        "webhook", max_length=2000, blank=True, help_text="The address of an incoming webhook."
    )
    shape = models.CharField(
        "its format", max_length=8, choices=AlarmFormat, default=AlarmFormat.SLACK
    )
    long_since = models.DateTimeField(null=True, editable=False)
    old_since = models.DateTimeField(null=True, editable=False)
    digest_on = models.DateField(null=True, editable=False)
    unsent = models.JSONField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    next_attempt_at = models.DateTimeField(null=True, editable=False, db_index=True)
    last_error = models.CharField("last failure", max_length=300, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["site__name"]

    def __str__(self) -> str:
        return f"Alarms of {self.site}"


class UsedLink(models.Model):
    """A link from a mail by which somebody has decided, by its mark; it works once."""

    mark = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    used_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"Used at {self.used_at}"
