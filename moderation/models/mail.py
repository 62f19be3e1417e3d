"""Outgoing email messages, stored before they are sent, and the addresses that get none."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Site
from comments.models.ids import new_id
from comments.privacy.encrypted_field import EncryptedJSONField, EncryptedTextField
from moderation.models.deliverable import (
    Deliverable,
    DeliverableQuerySet,
    DeliveryState,
    waiting_index,
)
from moderation.models.retry_policy import RetryPolicy, seconds


class MailKind(models.TextChoices):
    """What a message is for; its templates in `templates/mail/` are named after the value."""

    TEST = "test", _("An operator tries whether mail works")
    CONFIRM = "confirm", _("Is this address yours?")
    REPLY = "reply", _("Somebody answered")
    DIGEST = "digest", _("What was answered since the last digest")
    DECISION = "decision", _("What was decided about the own comment")
    ALARM = "alarm", _("The queue is long or old")
    PASSWORD = "password", _("A link to set a new password")
    INVITATION = "invitation", _("An invitation to look after a site")
    SECURITY = "security", _("What was changed about signing in")
    PERSON = "person", _("A link to everything under an address")


# A mail server that takes a message does not promise that it arrives.
STATES = [
    (DeliveryState.WAITING.value, _("Waiting")),
    (DeliveryState.DELIVERED.value, _("Sent")),
    (DeliveryState.DEAD.value, _("Given up")),
]


class Mail(Deliverable):
    """An email message to one person, retried until a mail server takes it or it is given up.

    Text, headers and recipient are kept encrypted; the recipient is looked up by the digest. The id
    makes the `Message-ID` where `headers` has none, so a message that is sent twice has the same.
    `text`, `html` and `recipient` are cleared some days after it was sent.
    """

    # Three days in all. The lease exceeds what a slow server may take for one message, so that no
    # second worker sends it meanwhile.
    retry_policy = RetryPolicy(
        delays=seconds(30, 300, 1800, 7200, 21_600, 43_200, 86_400, 86_400),
        jitter=0.2,
        lease=timedelta(seconds=20 * settings.EMAIL_TIMEOUT),
    )

    succeeded_at = "sent_at"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(
        Site, models.CASCADE, null=True, related_name="mails", verbose_name=_("site")
    )
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="mails")
    kind = models.CharField(_("kind"), max_length=32, choices=MailKind)
    language = models.CharField(_("language"), max_length=16)
    recipient = models.TextField(editable=False)
    recipient_digest = models.CharField(max_length=64, db_index=True, editable=False)
    subject = models.CharField(max_length=300)
    # With links that open something.
    text = EncryptedTextField(blank=True)
    html = EncryptedTextField(blank=True)
    headers = EncryptedJSONField(default=dict)
    state = models.CharField(
        _("state"), max_length=16, choices=STATES, default=DeliveryState.WAITING
    )
    created_at = models.DateTimeField(_("written"))
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects: ClassVar = DeliverableQuerySet["Mail"].as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mail")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            waiting_index("mail_waiting"),
            models.Index(fields=["created_at"], condition=~Q(text=""), name="mail_with_text"),
        ]

    def __str__(self) -> str:
        return self.subject


class SuppressionReason(models.TextChoices):
    """Why an address is suppressed."""

    BOUNCE = "bounce", _("It does not exist, or takes no mail")
    OBJECTION = "objection", _("Its owner wants no mail from here")
    COMPLAINT = "complaint", _("Its owner called a mail of ours spam")


class Suppression(models.Model):
    """An address, known by its digest, to which no site sends any more."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    reason = models.CharField(_("reason"), max_length=16, choices=SuppressionReason)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("address without mail")
        verbose_name_plural = _("no mail")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({date_format(timezone.localtime(self.created_at))})"
