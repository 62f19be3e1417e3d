"""Alarms: the thresholds of a site's queue, and the notification of those who moderate it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Site
from moderation.models.deliverable import (
    OptionalDeliverable,
    OptionalDeliverableQuerySet,
    waiting_index,
)
from moderation.models.retry_policy import RetryPolicy, seconds


class AlarmFormat(models.TextChoices):
    """The payload format of a webhook."""

    SLACK = "slack", _("Incoming webhook of Slack, Mattermost, Rocket.Chat")
    JSON = "json", _("Webhook with JSON")
    MESSENGER = "apprise", _("Discord, Teams, Telegram, ntfy, Matrix and others")


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

    site = models.OneToOneField(Site, models.CASCADE, related_name="alarm", verbose_name=_("site"))
    queue_size = models.PositiveIntegerField(
        _("when so many wait"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    queue_hours = models.PositiveIntegerField(
        _("when one has waited for so many hours"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("what waits, each day at"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(23)],
        help_text="The hour, from 0 to 23 (UTC). No mail comes when nothing waits.",
    )
    drift = models.BooleanField(
        _("when scores or verdicts drift"),
        default=True,
        help_text=_(
            "When the rules publish, hold and refuse other shares of the newest 200 comments "
            "than before, or scores are others: an attack, a word list, or a classifier that "
            "learned."
        ),
    )
    flood = models.BooleanField(
        _("when flood mode begins or ends"),
        default=True,
        help_text=_("When far more comments of new authors came than usual, so that these wait."),
    )
    by_mail = models.BooleanField(
        _("by mail"),
        default=True,
        help_text=_("To the owners and moderators. They can decide from the mail."),
    )
    url = models.CharField(
        _("messenger"),
        max_length=2000,
        blank=True,
        help_text=_(
            "The address of a webhook; of other messengers as Apprise writes it, such as "
            "discord://ID/TOKEN or ntfy://TOPIC."
        ),
    )
    shape = models.CharField(
        _("its format"), max_length=8, choices=AlarmFormat, default=AlarmFormat.SLACK
    )
    long_since = models.DateTimeField(null=True, editable=False)
    old_since = models.DateTimeField(null=True, editable=False)
    drifting_since = models.DateTimeField(null=True, editable=False)
    digest_on = models.DateField(null=True, editable=False)
    payload = models.JSONField(null=True, editable=False)

    objects: ClassVar = OptionalDeliverableQuerySet["Alarm"].as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering: ClassVar = ["site__name"]
        indexes: ClassVar = [waiting_index("alarm_waiting")]

    def __str__(self) -> str:
        return gettext("Alarms of %(site)s") % {"site": self.site}
