"""The audit trail: who did what, and when. Entries are never changed or deleted."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Site, SiteKey, User
from comments.models.ids import new_id


class AuditAction(models.TextChoices):
    """The action of an audit entry."""

    DECIDED = "DECIDED", _("decided about a comment")
    UNDID = "UNDID", _("took a decision back")
    EDITED = "EDITED", _("replaced a comment's text")
    REVEALED = "REVEALED", _("revealed an email address")
    ADDRESS_SEARCHED = "ADDRESS_SEARCHED", _("searched for an email address")
    ADDRESSES_EXPORTED = "ADDRESSES_EXPORTED", _("exported email addresses")
    ADDRESSES_DOWNLOADED = "ADDRESSES_DOWNLOADED", _("downloaded email addresses")
    ADDRESSES_SENT = "ADDRESSES_SENT", _("sent email addresses to a webhook")
    PINNED = "PINNED", _("pinned a comment")
    UNPINNED = "UNPINNED", _("took a pinned comment down")
    FEATURED = "FEATURED", _("featured a comment")
    UNFEATURED = "UNFEATURED", _("featured a comment no longer")
    BANNED = "BANNED", _("banned")
    UNBANNED = "UNBANNED", _("lifted a ban")
    NOTED = "NOTED", _("wrote a note")
    TRUSTED = "TRUSTED", _("said how far to trust an author")
    ESCALATED = "ESCALATED", _("escalated to the owners")
    BULK_STARTED = "BULK_STARTED", _("started a bulk decision")
    BULK_CANCELLED = "BULK_CANCELLED", _("cancelled a bulk decision")
    BULK_UNDONE = "BULK_UNDONE", _("undid a bulk decision")
    RULES_SET = "RULES_SET", _("set the house rules")
    REASONS_SET = "REASONS_SET", _("set the reasons for refusals")
    SECTION_RULES_SET = "SECTION_RULES_SET", _("set the rules of a section")
    ALARM_SET = "ALARM_SET", _("set the alarms")
    FLOOD_BEGUN = "FLOOD_BEGUN", _("switched flood mode on")
    FLOOD_ENDED = "FLOOD_ENDED", _("switched flood mode off")
    SITE_SET = "SITE_SET", _("changed the site's settings")
    THREAD_CLOSED = "THREAD_CLOSED", _("closed a thread")
    THREAD_OPENED = "THREAD_OPENED", _("opened a thread")
    THREADS_MERGED = "THREADS_MERGED", _("merged two threads")
    THREAD_CHANGED = "THREAD_CHANGED", _("changed a thread")
    WEBHOOK_ADDED = "WEBHOOK_ADDED", _("added a webhook")
    WEBHOOK_CHANGED = "WEBHOOK_CHANGED", _("changed a webhook")
    WEBHOOK_REMOVED = "WEBHOOK_REMOVED", _("removed a webhook")
    WEBHOOK_TRIED = "WEBHOOK_TRIED", _("had a webhook send an event again")
    EXTERNAL_SET = "EXTERNAL_SET", _("set the external moderator")
    EXTERNAL_REMOVED = "EXTERNAL_REMOVED", _("removed the external moderator")
    EXTERNAL_ANSWERED = "EXTERNAL_ANSWERED", _("answered as the external moderator")
    IMPORT_STARTED = "IMPORT_STARTED", _("started an import")
    EXPORT_STARTED = "EXPORT_STARTED", _("started an export")
    TRANSFER_CANCELLED = "TRANSFER_CANCELLED", _("cancelled an import or export")
    CLASSIFIER_PROMOTED = "CLASSIFIER_PROMOTED", _("promoted a classifier")
    CLASSIFIER_ROLLED_BACK = "CLASSIFIER_ROLLED_BACK", _("rolled a classifier back")
    FEEDBACK_GIVEN = "FEEDBACK_GIVEN", _("labelled texts")
    MEMBER_INVITED = "MEMBER_INVITED", _("invited somebody")
    INVITATION_WITHDRAWN = "INVITATION_WITHDRAWN", _("withdrew an invitation")
    MEMBER_SET = "MEMBER_SET", _("set a member's role")
    MEMBER_REMOVED = "MEMBER_REMOVED", _("removed a member")
    SECOND_FACTOR_RESET = "SECOND_FACTOR_RESET", _("reset a member's second factor")
    TOKEN_ISSUED = "TOKEN_ISSUED", _("made a review token")
    TOKEN_REVOKED = "TOKEN_REVOKED", _("revoked a review token")
    KEY_ISSUED = "KEY_ISSUED", _("issued a key")
    KEY_REVOKED = "KEY_REVOKED", _("revoked a key")
    SECRET_SET = "SECRET_SET", _("set a secret shared with the site")
    SECRET_DROPPED = "SECRET_DROPPED", _("ended a secret shared with the site")
    PERSON_EXPORTED = "PERSON_EXPORTED", _("exported what is held on a person")
    PERSON_ERASED = "PERSON_ERASED", _("erased a person")
    AUDIT_EXPORTED = "AUDIT_EXPORTED", _("exported this log")


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
    site = models.ForeignKey(
        Site, models.PROTECT, related_name="audit", db_index=False, verbose_name=_("site")
    )
    act = models.CharField(_("act"), max_length=24, choices=AuditAction)
    by = models.ForeignKey(
        User,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("by"),
    )
    key = models.ForeignKey(
        SiteKey,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("key"),
    )
    who = models.CharField(_("who"), max_length=254, blank=True)
    subject = models.CharField(_("to what"), max_length=64, blank=True)
    detail = models.JSONField(_("details"), default=dict)
    at = models.DateTimeField(_("when"))

    objects: ClassVar = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["site", "-id"], name="audit_by_site"),
            models.Index(fields=["site", "act", "-id"], name="audit_by_act"),
            models.Index(fields=["site", "who", "-id"], name="audit_by_person"),
            models.Index(fields=["site", "subject", "-id"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.who or gettext('Somebody')} {self.get_act_display()}"
