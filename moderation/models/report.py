"""Reports of comments by readers."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models import Comment
from comments.models.ids import new_id


class ReportReason(models.TextChoices):
    """Why a reader reports a comment."""

    SPAM = "SPAM", _("Advertising or spam")
    ABUSE = "ABUSE", _("Insults or abuse")
    HATE = "HATE", _("Hatred of a group")
    THREAT = "THREAT", _("A threat or violence")
    PRIVATE = "PRIVATE", _("Private data")
    OTHER = "OTHER", _("Something else")


class Report(models.Model):
    """A reader's report of one revision; a reader counts once per revision.

    `reporter` is the digest of the reader: of the address that the site vouches for where the
    reader is signed on, else of the IP address. `network` is "" for who is signed on. Of an old
    report by address both are cleared.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    revision = models.PositiveIntegerField(_("revision"))
    reason = models.CharField(_("reason"), max_length=16, choices=ReportReason)
    text = models.CharField(_("text"), max_length=1000, blank=True)
    reporter = models.CharField(max_length=64)
    network = models.CharField(max_length=66, blank=True, help_text="Of which a share counts.")
    created_at = models.DateTimeField(_("reported"))

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comment", "revision", "reporter"], name="one_report_per_reader"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["reporter"], name="report_by_reader"),
            models.Index(
                fields=["id"], name="report_with_network", condition=~models.Q(network="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())
