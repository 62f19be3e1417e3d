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
    """A reader's report of one revision; an IP address counts once per revision."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reports")
    revision = models.PositiveIntegerField()
    reason = models.CharField(max_length=16, choices=ReportReason)
    text = models.CharField(max_length=1000, blank=True)
    address_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["comment", "revision", "address_digest"], name="one_report_per_reader"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["address_digest"], name="report_by_reader")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.comment_id}"
