"""The audit trail: one line for each act of a person, written with what it tells of, and kept."""

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
    f"CREATE TRIGGER IF NOT EXISTS audit_{act.lower()} BEFORE {act} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for act in ("UPDATE", "DELETE")
)
POSTGRES = (
    "CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    f"CREATE OR REPLACE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
)


class AuditRecord(NamedTuple):
    """One act, of those that one person did at once."""

    act: AuditAction
    site: UUID
    subject: object = ""
    detail: Mapping[str, Any] = {}


def note(
    act: AuditAction,
    *,
    site: Site,
    by: User | None,
    now: datetime,
    subject: object = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry, in the transaction of what it tells of. `detail` must hold no address."""
    (entry,) = note_all([AuditRecord(act, site.pk, subject, detail or {})], by=by, now=now)
    return entry


def note_all(lines: Iterable[AuditRecord], *, by: User | None, now: datetime) -> list[AuditEntry]:
    """Add many entries at once."""
    return AuditEntry.objects.bulk_create(
        AuditEntry(
            site_id=line.site,
            act=line.act,
            by=by,
            who=by.email if by else "",
            at=now,
            subject=str(line.subject),
            detail=dict(line.detail),
        )
        for line in lines
    )


def protect(*, using: str, **_: Any) -> None:
    """Have the database refuse to change or delete entries (`post_migrate`)."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in POSTGRES if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)
