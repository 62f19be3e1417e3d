"""The append-only audit trail: an entry for each action of a person, in the same transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections

from comments.models import Site, User
from moderation.models import AuditAction, AuditEntry

TABLE = AuditEntry._meta.db_table
REFUSAL = "The audit trail is append-only."
SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS audit_{operation.lower()} BEFORE {operation} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for operation in ("UPDATE", "DELETE")
)
POSTGRES = (
    "CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    f"CREATE OR REPLACE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
)


class AuditRecord(NamedTuple):
    """One of the actions that one person took in one call; `subject` is the id of its object."""

    action: AuditAction
    site: UUID
    subject: object = ""
    detail: Mapping[str, Any] = {}


def record(
    action: AuditAction,
    *,
    site: Site,
    by: User | None,
    now: datetime,
    subject: object = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry, in the transaction of the action. `detail` must hold no email address."""
    (entry,) = record_all([AuditRecord(action, site.pk, subject, detail or {})], by=by, now=now)
    return entry


def record_all(
    records: Iterable[AuditRecord], *, by: User | None, now: datetime
) -> list[AuditEntry]:
    """Add the entries of several actions of one person in one query."""
    return AuditEntry.objects.bulk_create(
        AuditEntry(
            site_id=entry.site,
            act=entry.action,
            by=by,
            who=by.email if by else "",
            at=now,
            subject=str(entry.subject),
            detail=dict(entry.detail),
        )
        for entry in records
    )


def protect(*, using: str, **_: Any) -> None:
    """Have the database refuse to change or delete entries (`post_migrate`)."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in POSTGRES if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)
