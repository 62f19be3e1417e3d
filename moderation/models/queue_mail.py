"""Queue mail: who wants to be mailed of what comes in at a site, and how often."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models import Site


class MailPace(models.TextChoices):
    """How often somebody is mailed at most."""

    EACH = "each", _("For each comment; in a flood for several together, every five minutes")
    HOURLY = "hourly", _("Once an hour at most")
    DAILY = "daily", _("Once a day at most")


class MailScope(models.TextChoices):
    """What somebody is mailed of."""

    WAITING = "waiting", _("Comments that wait for a person")
    ALL = "all", _("Every new comment, published or waiting; not what is set aside as spam")


PERIODS = {
    MailPace.EACH.value: timedelta(minutes=5),
    MailPace.HOURLY.value: timedelta(hours=1),
    MailPace.DAILY.value: timedelta(days=1),
}


class QueueMail(models.Model):
    """The wish of one person to be mailed of comments that come in at one site.

    The next mail tells of what came after `told_at`: when the last one was written, or when it was
    wished for. It comes no sooner than a period after `mailed_at`; the first one comes at once.
    """

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="queue_mails", verbose_name=_("site")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="queue_mails"
    )
    about = models.CharField(
        _("about"), max_length=8, choices=MailScope, default=MailScope.WAITING.value
    )
    every = models.CharField(
        _("mail me"), max_length=8, choices=MailPace, default=MailPace.EACH.value
    )
    told_at = models.DateTimeField(editable=False)
    mailed_at = models.DateTimeField(_("last mail"), null=True, editable=False)

    class Meta:
        verbose_name = _("mail about the queue")
        verbose_name_plural = _("my mails")
        ordering = ("site",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "user"],
                name="one_queue_mail_per_user_and_site",
                violation_error_message=_("You have chosen for this site already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.site}: {self.get_every_display()}"
