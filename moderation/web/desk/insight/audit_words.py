"""What a log entry is about, and its details, in the words of the desk."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from comments.models import Role
from comments.models.author import Trust
from moderation.models import AuditAction, AuditEntry
from moderation.models.ban import BanTarget
from moderation.web.desk.base.words import CATEGORIES, VERDICTS

COMMENT, AUTHOR, THREAD = (f"comments_{name}" for name in ("comment", "author", "thread"))
WEBHOOK, TRANSFER, BULK_JOB = (f"moderation_{n}" for n in ("webhook", "transfer", "bulkjob"))
SITE = "comments_site"
# The admins whose pages show the subjects of acts, where these have a page.
ADMINS = {
    AuditAction.DECIDED: COMMENT,
    AuditAction.UNDID: COMMENT,
    AuditAction.ESCALATED: COMMENT,
    AuditAction.EDITED: COMMENT,
    AuditAction.PINNED: COMMENT,
    AuditAction.UNPINNED: COMMENT,
    AuditAction.FEATURED: COMMENT,
    AuditAction.UNFEATURED: COMMENT,
    AuditAction.EXTERNAL_ANSWERED: COMMENT,
    AuditAction.REVEALED: AUTHOR,
    AuditAction.TRUSTED: AUTHOR,
    AuditAction.NOTED: AUTHOR,
    AuditAction.THREAD_CLOSED: THREAD,
    AuditAction.THREAD_OPENED: THREAD,
    AuditAction.THREADS_MERGED: THREAD,
    AuditAction.THREAD_CHANGED: THREAD,
    AuditAction.WEBHOOK_ADDED: WEBHOOK,
    AuditAction.WEBHOOK_CHANGED: WEBHOOK,
    AuditAction.WEBHOOK_TRIED: WEBHOOK,
    AuditAction.IMPORT_STARTED: TRANSFER,
    AuditAction.EXPORT_STARTED: TRANSFER,
    AuditAction.TRANSFER_CANCELLED: TRANSFER,
    AuditAction.BULK_STARTED: BULK_JOB,
    AuditAction.BULK_CANCELLED: BULK_JOB,
    AuditAction.BULK_UNDONE: BULK_JOB,
    AuditAction.SITE_SET: SITE,
    AuditAction.SECRET_SET: SITE,
    AuditAction.SECRET_DROPPED: SITE,
}
KINDS = {WEBHOOK: "webhook", TRANSFER: "transfer", BULK_JOB: "bulk decision"}
CHOICES = (*BanTarget.choices, *Trust.choices, *Role.choices)
# What is stored as programs write it.
LABELS: dict[str, Any] = {
    **CATEGORIES,
    **VERDICTS,
    **{value: str(label).partition(":")[0] for value, label in CHOICES},
}


def subject_link(entry: AuditEntry) -> str:
    """Return a link to the subject, or the end of its id where it has no page."""
    short = _short(entry.subject)
    admin = ADMINS.get(AuditAction(entry.act)) if entry.act in AuditAction.values else None
    try:
        page = reverse(f"admin:{admin}_change", args=[entry.subject]) if admin else ""
    except NoReverseMatch:
        page = ""
    if not admin or not page:
        return format_html('<span title="{}">{}</span>', entry.subject, short)
    kind = KINDS.get(admin) or admin.split("_")[1]
    return format_html('<a class="underline" href="{}">{} {}</a>', page, kind, short)


def details(detail: Mapping[str, Any]) -> str:
    """Return details as `name: value` pairs; lists are separated by commas."""
    return "; ".join(f"{_words(name)}: {_value(value)}" for name, value in detail.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return f"({details(value)})"
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    if value is None or value == "":
        return "nothing"
    return str(LABELS.get(value) or _words(_short(value))) if isinstance(value, str) else str(value)


def _short(text: str) -> str:
    """Shorten an id to its end: those of the same day differ there, their beginnings are times."""
    try:
        UUID(text)
    except ValueError:
        return text
    return f"…{text[-6:]}"


def _words(name: str) -> str:
    """Return the name of a field as words; what a person wrote stays as it is."""
    return name.replace("_", " ") if name.isidentifier() and name.islower() else name
