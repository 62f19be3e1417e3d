"""External moderators: endpoints of sites that are asked about each comment."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from comments.models import Site
from comments.models.ids import new_id
from moderation.models.screening import Screening


class Opinion(models.TextChoices):
    """What an external moderator may say of a comment."""

    APPROVE = "APPROVE", "Nothing against it"
    HOLD = "HOLD", "A person should look"
    REJECT = "REJECT", "Against the rules"
    SPAM = "SPAM", "Spam"


class ExternalModerator(models.Model):
    """An endpoint that a site names; it has `seconds` to answer about a comment.

    Its answer is one more finding. Secrets are kept encrypted, like those of webhooks.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.OneToOneField(Site, models.CASCADE, related_name="external_moderator")
    url = models.URLField(max_length=2000)
    seconds = models.PositiveIntegerField(
        "seconds to answer",
        default=300,
        validators=[MinValueValidator(10), MaxValueValidator(7 * 86_400)],
    )
    hold_unanswered = models.BooleanField(
        default=True,
        help_text="Without an answer in time a comment is held; else the other checks decide.",
    )
    secret = models.TextField(editable=False)
    former_secret = models.TextField(blank=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    last_error_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.url

    @property
    def time_to_answer(self) -> timedelta:
        """How long a comment waits for it."""
        return timedelta(seconds=self.seconds)


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Inquiries, by whether it is their turn."""

    def open(self) -> "InquiryQuerySet":
        """Keep those that were not answered yet."""
        return self.filter(opinion="")

    def due(self, now: datetime) -> "InquiryQuerySet":
        """Keep those that must be sent, for the first time or again."""
        return self.open().filter(next_attempt_at__lte=now, deadline_at__gt=now)


class Inquiry(models.Model):
    """A question about a revision of a comment, which goes with the screening that waits for it.

    `next_attempt_at` is none once the endpoint has heard it and wants to answer later.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    screening = models.OneToOneField(Screening, models.CASCADE, related_name="inquiry")
    moderator = models.ForeignKey(ExternalModerator, models.CASCADE, related_name="inquiries")
    revision = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=8, choices=Opinion, blank=True)
    explanation = models.CharField(max_length=500, blank=True)

    objects: ClassVar = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "inquiries"
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(opinion=""), name="inquiry_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"Inquiry {self.id}"
