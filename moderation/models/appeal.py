"""Appeals by authors against decisions."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.ids import new_id
from moderation.models.decision import Decision


class AppealOutcome(models.TextChoices):
    """How an appeal was resolved."""

    UPHELD = "UPHELD", _("the decision stands")
    OVERTURNED = "OVERTURNED", _("the decision was wrong")


class Appeal(models.Model):
    """An author's appeal against a decision; `answer` is the decision that resolved it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    decision = models.OneToOneField(
        Decision, on_delete=models.CASCADE, related_name="appeal", verbose_name=_("decision")
    )
    text = models.CharField(_("text"), max_length=2000)
    submitted_at = models.DateTimeField(_("appealed"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=AppealOutcome, blank=True)
    answer = models.OneToOneField(
        Decision, models.SET_NULL, null=True, related_name="answers", verbose_name=_("answer")
    )
    resolved_at = models.DateTimeField(_("answered"), null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("answered by")
    )

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["-id"], condition=models.Q(resolved_at=None), name="appeal_open")
        ]

    def __str__(self) -> str:
        return f"Appeal against {self.decision}"
