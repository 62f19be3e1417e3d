"""The append-only audit trail: an entry for each action, in the same transaction."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connections

from comments.models import Site
from moderation.models import Actor, AuditAction, AuditEntry, AuditRecord

__all__ = ["AuditRecord", "protect", "record", "record_all"]

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


def record(
    action: AuditAction,
    *,
    site: Site,
    by: Actor | None,
    now: datetime,
    subject: object = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry, in the transaction of the action. `detail` must hold no email address."""
    (entry,) = record_all([AuditRecord(action, site.pk, subject, detail or {})], by=by, now=now)
    return entry


def record_all(
    records: Iterable[AuditRecord], *, by: Actor | None, now: datetime
) -> list[AuditEntry]:
    """Add the entries of several actions of one actor in one query."""
    return AuditEntry.objects.record(records, by=by, now=now)


def protect(*, using: str, **_: Any) -> None:
    """Have the database refuse to change or delete entries (`post_migrate`)."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in POSTGRES if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)
