"""The audit trail: who did what, and when. Entries are never changed or deleted."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.db import models

from comments.models import Site, SiteKey, User
from comments.models.ids import new_id


class AuditAction(models.TextChoices):
    """The action of an audit entry."""

    DECIDED = "DECIDED", "decided about a comment"
    UNDID = "UNDID", "took a decision back"
    EDITED = "EDITED", "replaced a comment's text"
    REVEALED = "REVEALED", "revealed an email address"
    ADDRESS_SEARCHED = "ADDRESS_SEARCHED", "searched for an email address"
    ADDRESSES_EXPORTED = "ADDRESSES_EXPORTED", "exported email addresses"
    ADDRESSES_DOWNLOADED = "ADDRESSES_DOWNLOADED", "downloaded email addresses"
    ADDRESSES_SENT = "ADDRESSES_SENT", "sent email addresses to a webhook"
    PINNED = "PINNED", "pinned a comment"
    UNPINNED = "UNPINNED", "took a pinned comment down"
    FEATURED = "FEATURED", "featured a comment"
    UNFEATURED = "UNFEATURED", "featured a comment no longer"
    BANNED = "BANNED", "banned"
    UNBANNED = "UNBANNED", "lifted a ban"
    NOTED = "NOTED", "wrote a note"
    TRUSTED = "TRUSTED", "said how far to trust an author"
    ESCALATED = "ESCALATED", "escalated to the owners"
    BULK_STARTED = "BULK_STARTED", "started a bulk decision"
    BULK_CANCELLED = "BULK_CANCELLED", "cancelled a bulk decision"
    BULK_UNDONE = "BULK_UNDONE", "undid a bulk decision"
    RULES_SET = "RULES_SET", "set the house rules"
    REASONS_SET = "REASONS_SET", "set the reasons for refusals"
    SECTION_RULES_SET = "SECTION_RULES_SET", "set the rules of a section"
    ALARM_SET = "ALARM_SET", "set the alarms"
    FLOOD_BEGUN = "FLOOD_BEGUN", "switched flood mode on"
    FLOOD_ENDED = "FLOOD_ENDED", "switched flood mode off"
    SITE_SET = "SITE_SET", "changed the site's settings"
    THREAD_CLOSED = "THREAD_CLOSED", "closed a thread"
    THREAD_OPENED = "THREAD_OPENED", "opened a thread"
    THREADS_MERGED = "THREADS_MERGED", "merged two threads"
    THREAD_CHANGED = "THREAD_CHANGED", "changed a thread"
    WEBHOOK_ADDED = "WEBHOOK_ADDED", "added a webhook"
    WEBHOOK_CHANGED = "WEBHOOK_CHANGED", "changed a webhook"
    WEBHOOK_REMOVED = "WEBHOOK_REMOVED", "removed a webhook"
    WEBHOOK_TRIED = "WEBHOOK_TRIED", "had a webhook send an event again"
    EXTERNAL_SET = "EXTERNAL_SET", "set the external moderator"
    EXTERNAL_REMOVED = "EXTERNAL_REMOVED", "removed the external moderator"
    EXTERNAL_ANSWERED = "EXTERNAL_ANSWERED", "answered as the external moderator"
    IMPORT_STARTED = "IMPORT_STARTED", "started an import"
    EXPORT_STARTED = "EXPORT_STARTED", "started an export"
    TRANSFER_CANCELLED = "TRANSFER_CANCELLED", "cancelled an import or export"
    CLASSIFIER_PROMOTED = "CLASSIFIER_PROMOTED", "promoted a classifier"
    CLASSIFIER_ROLLED_BACK = "CLASSIFIER_ROLLED_BACK", "rolled a classifier back"
    FEEDBACK_GIVEN = "FEEDBACK_GIVEN", "labelled texts"
    MEMBER_INVITED = "MEMBER_INVITED", "invited somebody"
    INVITATION_WITHDRAWN = "INVITATION_WITHDRAWN", "withdrew an invitation"
    MEMBER_SET = "MEMBER_SET", "set a member's role"
    MEMBER_REMOVED = "MEMBER_REMOVED", "removed a member"
    SECOND_FACTOR_RESET = "SECOND_FACTOR_RESET", "reset a member's second factor"
    TOKEN_ISSUED = "TOKEN_ISSUED", "made a review token"
    TOKEN_REVOKED = "TOKEN_REVOKED", "revoked a review token"
    KEY_ISSUED = "KEY_ISSUED", "issued a key"
    KEY_REVOKED = "KEY_REVOKED", "revoked a key"
    SECRET_SET = "SECRET_SET", "set a secret shared with the site"
    SECRET_DROPPED = "SECRET_DROPPED", "ended a secret shared with the site"
    PERSON_EXPORTED = "PERSON_EXPORTED", "exported what is held on a person"
    PERSON_ERASED = "PERSON_ERASED", "erased a person"
    AUDIT_EXPORTED = "AUDIT_EXPORTED", "exported this log"


class SystemActor(StrEnum):
    """Who acts without an account or a key; the value is shown in the trail."""

    COMMAND_LINE = "the command line"
    PERSON = "the person concerned"
    SERVICE = "the service"


Actor = User | SiteKey | SystemActor


class AuditRecord(NamedTuple):
    """One of the actions that one actor took in one call; `subject` is the id of its object."""

    action: AuditAction
    site: UUID
    subject: object = ""
    detail: Mapping[str, Any] = {}


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """The one writer of audit entries."""

    def record(
        self, records: Iterable[AuditRecord], *, by: Actor | None, now: datetime
    ) -> list["AuditEntry"]:
        """Add the entries of several actions of one actor, in the transaction of the actions."""
        return self.bulk_create(
            AuditEntry(
                site_id=entry.site,
                act=entry.action,
                by=by if isinstance(by, User) else None,
                key=by if isinstance(by, SiteKey) else None,
                who=name_of(by),
                at=now,
                subject=str(entry.subject),
                detail=dict(entry.detail),
            )
            for entry in records
        )


def name_of(actor: Actor | None) -> str:
    """Return an actor as the trail shows it: a person's address, or `key NAME (its public id)`."""
    if isinstance(actor, User):
        return str(actor.email)
    return f"key {actor}" if isinstance(actor, SiteKey) else str(actor or "")


class AuditEntry(models.Model):
    """One action at a site, of a person, a key or the service; `subject` is the id of its object.

    The database refuses to change or delete an entry (`moderation.decisions.audit.protect`). So
    `who` keeps the address under which somebody signed in, or the name of the key, for when they
    are gone, and no constraint ties the entry to the account. `detail` holds no address of a
    reader: the trail outlives an erasure.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, models.PROTECT, related_name="audit", db_index=False)
    act = models.CharField(max_length=24, choices=AuditAction)
    by = models.ForeignKey(
        User, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    key = models.ForeignKey(
        SiteKey, models.DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    who = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects: ClassVar = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "log entry"
        verbose_name_plural = "log"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["site", "-id"], name="audit_by_site"),
            models.Index(fields=["site", "act", "-id"], name="audit_by_act"),
            models.Index(fields=["site", "who", "-id"], name="audit_by_person"),
            models.Index(fields=["site", "subject", "-id"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.who or 'Somebody'} {self.get_act_display()}"
