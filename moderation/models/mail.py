"""Mails: what people are told by mail, written down before it is sent; and who must get none."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from comments.models import Comment, Site
from comments.models.ids import new_id


class MailKind(models.TextChoices):
    """What a mail is for; templates in `templates/mail/` are named after it."""

    TEST = "test", "An operator tries whether mail works"
    CONFIRM = "confirm", "Is this address yours?"
    REPLY = "reply", "Somebody answered"
    DIGEST = "digest", "What was answered since the last digest"
    DECISION = "decision", "What was decided about the own comment"
    ALARM = "alarm", "The queue is long or old"
    PASSWORD = "password", "A link to set a new password"
    PERSON = "person", "A link to everything under an address"


class MailState(models.TextChoices):
    """Where a mail stands."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    DEAD = "dead", "Given up"


class MailQuerySet(models.QuerySet["Mail"]):
    """Mails, by whether it is their turn."""

    def due(self, now: datetime) -> "MailQuerySet":
        """Keep those whose time has come and that no worker has in hand."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        return self.filter(free, state=MailState.WAITING, next_attempt_at__lte=now)

    def unsent(self, now: datetime) -> "MailQuerySet":
        """Keep those that nobody has tried to send: they can be taken back unheard."""
        return self.filter(
            state=MailState.WAITING, attempts=0, claimed_until=None, next_attempt_at__gt=now
        )


class Mail(models.Model):
    """A mail to one person, tried until a server takes it or it is given up.

    The recipient is kept encrypted, and found by the digest. The id makes the `Message-ID` where
    `headers` has none, so a mail that is sent twice can be told to be the same. `text` and `html`
    are cleared some days after it was sent.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, null=True, related_name="mails")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="mails")
    kind = models.CharField(max_length=32, choices=MailKind)
    language = models.CharField(max_length=16)
    recipient = models.TextField(editable=False)
    recipient_digest = models.CharField(max_length=64, db_index=True, editable=False)
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=MailState, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    objects: ClassVar = MailQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state=MailState.WAITING),
                name="mail_waiting",
            ),
            models.Index(fields=["created_at"], condition=~Q(text=""), name="mail_with_text"),
        ]

    def __str__(self) -> str:
        return self.subject


class SuppressionReason(models.TextChoices):
    """Why an address gets no mail."""

    BOUNCE = "bounce", "It does not exist, or takes no mail"
    OBJECTION = "objection", "Its owner wants no mail from here"
    COMPLAINT = "complaint", "Its owner called a mail of ours spam"


class Suppression(models.Model):
    """An address, by its digest, to which nothing is sent any more, by any site."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    reason = models.CharField(max_length=16, choices=SuppressionReason)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} ({self.created_at:%Y-%m-%d})"
