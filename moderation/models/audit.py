"""The audit trail: who did what, other than decide about comments."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from comments.models import Site
from comments.models.ids import new_id


class Act(models.TextChoices):
    """What was done. Decisions are not here: they are rows of their own, with who and why."""

    REVEALED = "REVEALED", "revealed an email address"
    BANNED = "BANNED", "banned"
    UNBANNED = "UNBANNED", "lifted a ban"
    NOTED = "NOTED", "wrote a note"
    ESCALATED = "ESCALATED", "escalated to the owners"
    BULK_STARTED = "BULK_STARTED", "started a bulk decision"
    BULK_CANCELLED = "BULK_CANCELLED", "cancelled a bulk decision"
    BULK_UNDONE = "BULK_UNDONE", "undid a bulk decision"
    RULES_SET = "RULES_SET", "set the house rules"
    KEY_ISSUED = "KEY_ISSUED", "issued a key"
    KEY_REVOKED = "KEY_REVOKED", "revoked a key"
    PERSON_EXPORTED = "PERSON_EXPORTED", "exported what is held on a person"
    PERSON_ERASED = "PERSON_ERASED", "erased a person"


class AuditEntry(models.Model):
    """One act at a site. Entries are only ever added; `subject` is the id of what it was done to.

    `detail` holds no address: the trail outlives an erasure.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.CASCADE, related_name="audit", db_index=False)
    act = models.CharField(max_length=24, choices=Act)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    subject = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "audit entries"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["site", "-id"], name="audit_by_site")]

    def __str__(self) -> str:
        return f"{self.by or 'Somebody'} {self.get_act_display()}"
