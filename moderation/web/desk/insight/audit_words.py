"""What a log entry is about, and its details, in the words of the desk."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from comments.models import Role, Site, Thread
from comments.models.author import Trust
from moderation.models import (
    Alarm,
    AuditAction,
    AuditEntry,
    ExternalModerator,
    Policy,
    RefusalReason,
    SectionRules,
    Webhook,
)
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
# Whose settings a log entry names as changed; what two of them have is called as in the first.
FORMS = (Site, Policy, SectionRules, RefusalReason, Webhook, ExternalModerator, Alarm, Thread)
DETAILS: dict[str, Any] = {
    "changed": _("changed"),
    "removed": _("removed"),
    "member": _("member"),
    "role": _("role"),
    "format": _("format"),
    "revision": _("revision"),
    "host": _("host"),
    "with_addresses": _("with addresses"),
    "target": _("target"),
    "dry_run": _("dry run"),
    "classifier": _("classifier"),
    "why": _("why"),
    "verdict": _("verdict"),
    "usual": _("usual"),
    "trust": _("trust"),
    "token": _("token"),
    "to": pgettext_lazy("what it was changed to", "to"),
    "strangers": _("new authors"),
    "section": _("section"),
    "sections": _("sections"),
    "secret": _("secret"),
    "scopes": _("scopes"),
    "retroactive": _("published ones, too"),
    "refusals": _("refusals"),
    "reason": _("reason"),
    "reasons": _("reasons"),
    "name": _("name"),
    "comments": _("comments"),
    "allowed": _("allowed"),
    "addresses": _("addresses"),
}
CHOICES = (*BanTarget.choices, *Trust.choices, *Role.choices)
# What is stored as programs write it.
LABELS: dict[str, Any] = {
    **CATEGORIES,
    **VERDICTS,
    **dict(CHOICES),
}


def subject_names(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return what the subjects of entries that are still there are called, by id."""
    ids: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if admin := ADMINS.get(AuditAction(entry.act)) if entry.act in AuditAction.values else None:
            ids[admin].add(entry.subject)
    models = {apps.get_model(admin.replace("_", ".")): subjects for admin, subjects in ids.items()}
    rows = (
        row
        for model, subjects in models.items()
        for row in model.objects.filter(pk__in=filter(partial(_can_be_key, model), subjects))
    )
    return {str(row.pk): str(row) for row in rows}


def _can_be_key(model: type[Any], subject: str) -> bool:
    """Tell whether a subject, which may be any text, can be the id of a row."""
    try:
        model._meta.pk.to_python(subject)
    except ValidationError:
        return False
    return True


def subject_link(entry: AuditEntry, name: str = "") -> str:
    """Return a link to the subject by its name, or the end of its id where it has no page."""
    short = name or _short(entry.subject)
    admin = ADMINS.get(AuditAction(entry.act)) if entry.act in AuditAction.values else None
    try:
        page = reverse(f"admin:{admin}_change", args=[entry.subject]) if admin else ""
    except NoReverseMatch:
        page = ""
    if not admin or not page:
        return format_html('<span title="{}">{}</span>', entry.subject, short)
    kind = apps.get_model(admin.replace("_", "."))._meta.verbose_name
    link = '<a class="underline" href="{}" title="{}"><bdi>{}</bdi></a>'
    return format_html(link, page, entry.subject, name or f"{kind} {short}")


def details(detail: Mapping[str, Any]) -> str:
    """Return details as `name: value` pairs; lists are separated by commas."""
    return "; ".join(f"{_words(name)}: {_value(value)}" for name, value in detail.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, Mapping):
        return f"({details(value)})"
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    if value is None or value == "":
        return gettext("nothing")
    if not isinstance(value, str):
        return str(value)
    if label := LABELS.get(value):
        return str(label).partition(":")[0].strip()
    return _words(_short(value))


def _short(text: str) -> str:
    """Shorten an id to its end: those of the same day differ there, their beginnings are times."""
    try:
        UUID(text)
    except ValueError:
        return text
    return f"…{text[-6:]}"


def _words(name: str) -> str:
    """Return the name of a field as the desk calls it; what a person wrote stays as it is."""
    if words := DETAILS.get(name) or _names_of_fields().get(name):
        return str(words)
    return name.replace("_", " ") if name.isidentifier() and name.islower() else name


@cache
def _names_of_fields() -> dict[str, Any]:
    """Return what the forms of the desk call their fields, by name."""
    return {
        field.name: field.verbose_name
        for model in reversed(FORMS)
        for field in model._meta.get_fields()
        if hasattr(field, "verbose_name")
    }
