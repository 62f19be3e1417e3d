"""External moderators: endpoints of sites that judge each comment on request."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models import Site
from comments.models.ids import new_id
from moderation.models.deliverable import (
    Deliverable,
    DeliverableQuerySet,
    waiting_index,
)
from moderation.models.retry_policy import RetryPolicy, seconds
from moderation.models.screening import Screening
from moderation.models.signed_endpoint import SignedEndpoint


class Opinion(models.TextChoices):
    """The verdicts that an external moderator may return."""

    APPROVE = "APPROVE", "Nothing against it"
    HOLD = "HOLD", "A person should look"
    REJECT = "REJECT", "Against the rules"
    SPAM = "SPAM", "Spam"


class ExternalModerator(SignedEndpoint):
    """An endpoint that a site names; it has `seconds` to answer about a comment.

    Its answer becomes one more finding.
    """

    site = models.OneToOneField(
        Site, models.CASCADE, related_name="external_moderator", verbose_name=_("site")
    )
    seconds = models.PositiveIntegerField(
        _("seconds to answer"),
        default=300,
        validators=[MinValueValidator(10), MaxValueValidator(7 * 86_400)],
    )
    hold_unanswered = models.BooleanField(
        _("hold unanswered"),
        default=True,
        help_text=_("Without an answer in time a comment is held; else the other checks decide."),
    )
    last_error = models.CharField(_("last failure"), max_length=300, blank=True)
    last_error_at = models.DateTimeField(_("last failed"), null=True)

    class Meta:
        verbose_name = _("external moderator")
        verbose_name_plural = _("external moderators")

    @property
    def time_to_answer(self) -> timedelta:
        """How long a comment waits for an answer."""
        return timedelta(seconds=self.seconds)


class InquiryQuerySet(DeliverableQuerySet["Inquiry"]):
    """Inquiries, by whether they are answered, and due."""

    def open(self) -> Self:
        """Keep those without an answer."""
        return self.filter(opinion="")

    @staticmethod
    def is_abandoned(row: "Inquiry") -> bool:
        """Tell that it is not: an inquiry is retried until its deadline, however often."""
        return False

    def due(self, now: datetime) -> Self:
        """Keep those to send now, before their deadline and to an endpoint that is not disabled."""
        return super().due(now).filter(deadline_at__gt=now, moderator__disabled_at=None)


class Inquiry(Deliverable):
    """A request to judge a revision of a comment; it goes with the screening that waits for it.

    It is delivered once the endpoint has accepted it, and open until the answer is there.
    """

    retry_policy = RetryPolicy(
        delays=seconds(2, 10, 60, 300), lease=timedelta(seconds=30), batch=16
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    screening = models.OneToOneField(Screening, models.CASCADE, related_name="inquiry")
    moderator = models.ForeignKey(ExternalModerator, models.CASCADE, related_name="inquiries")
    revision = models.PositiveIntegerField()
    asked_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    opinion = models.CharField(max_length=8, choices=Opinion, blank=True)
    explanation = models.CharField(max_length=500, blank=True)

    objects: ClassVar = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "inquiries"
        indexes: ClassVar = [waiting_index("inquiry_waiting")]

    def __str__(self) -> str:
        return f"Inquiry {self.id}"

    def retry_delay(self) -> timedelta:
        """Return the delay after the attempts so far; the last one repeats until the deadline."""
        delays = self.retry_policy.delays
        return delays[min(self.attempts, len(delays)) - 1]
