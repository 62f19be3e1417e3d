"""The audit trail: who did what, and when. Entries are never changed or deleted."""

from typing import ClassVar

from django.db import models

from comments.models import Site, User
from comments.models.ids import new_id


class AuditAction(models.TextChoices):
    """The action of an audit entry."""

    DECIDED = "DECIDED", "decided about a comment"
    UNDID = "UNDID", "took a decision back"
    REVEALED = "REVEALED", "revealed an email address"
    BANNED = "BANNED", "banned"
    UNBANNED = "UNBANNED", "lifted a ban"
    NOTED = "NOTED", "wrote a note"
    TRUSTED = "TRUSTED", "said how far to trust an author"
    ESCALATED = "ESCALATED", "escalated to the owners"
    BULK_STARTED = "BULK_STARTED", "started a bulk decision"
    BULK_CANCELLED = "BULK_CANCELLED", "cancelled a bulk decision"
    BULK_UNDONE = "BULK_UNDONE", "undid a bulk decision"
    RULES_SET = "RULES_SET", "set the house rules"
    ALARM_SET = "ALARM_SET", "set the alarms"
    SITE_SET = "SITE_SET", "changed the site's settings"
    THREAD_CLOSED = "THREAD_CLOSED", "closed a thread"
    THREAD_OPENED = "THREAD_OPENED", "opened a thread"
    MEMBER_SET = "MEMBER_SET", "set a member's role"
    MEMBER_REMOVED = "MEMBER_REMOVED", "removed a member"
    SECOND_FACTOR_RESET = "SECOND_FACTOR_RESET", "reset a member's second factor"
    TOKEN_ISSUED = "TOKEN_ISSUED", "made a review token"
    TOKEN_REVOKED = "TOKEN_REVOKED", "revoked a review token"
    KEY_ISSUED = "KEY_ISSUED", "issued a key"
    KEY_REVOKED = "KEY_REVOKED", "revoked a key"
    PERSON_EXPORTED = "PERSON_EXPORTED", "exported what is held on a person"
    PERSON_ERASED = "PERSON_ERASED", "erased a person"
    AUDIT_EXPORTED = "AUDIT_EXPORTED", "exported this log"


class AuditEntry(models.Model):
    """One action of a person at a site; `subject` is the id of the object of it.

    The database refuses to change or delete an entry (`moderation.decisions.audit.protect`). So
    `who` keeps the address under which somebody signed in, for when the account is gone, and no key
    constraint ties the entry to the account. `detail` holds no address of a reader: the trail
    outlives an erasure.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="audit", db_index=False)
    act = models.CharField(max_length=24, choices=AuditAction)
    by = models.ForeignKey(
        User, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    who = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "audit entries"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["site", "-id"], name="audit_by_site"),
            models.Index(fields=["site", "act", "-id"], name="audit_by_act"),
            models.Index(fields=["site", "who", "-id"], name="audit_by_person"),
            models.Index(fields=["site", "subject", "-id"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.who or 'Somebody'} {self.get_act_display()}"
