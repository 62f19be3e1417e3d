"""Exports of the audit trail: a CSV table for spreadsheets, or a JSON array."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from comments.http import csv
from comments.models import User
from moderation.decisions import audit
from moderation.decisions.audit import AuditRecord
from moderation.models import AuditAction, AuditEntry

COLUMNS = ("id", "at", "site", "by", "act", "subject", "detail")


def export(entries: QuerySet[AuditEntry], kind: str, *, by: User, now: datetime) -> Any:
    """Return entries as a file of one of KINDS, and add an entry about the export."""
    sites = set(entries.order_by().values_list("site", flat=True).distinct())
    # Only entries up to the newest one of before: the entry about the export is not in it.
    rows = [entry.pk for entry in entries[:1]]
    exported = entries.filter(pk__lte=rows[0]) if rows else entries.none()
    detail = {"format": kind}
    audit.record_all(
        (AuditRecord(AuditAction.AUDIT_EXPORTED, s, "", detail) for s in sites), by=by, now=now
    )
    return KINDS[kind](map(_row, exported.iterator(chunk_size=1000)))


def _row(entry: AuditEntry) -> dict[str, Any]:
    values = (
        str(entry.pk),
        entry.at.isoformat(),
        entry.site.slug,
        entry.who,
        entry.act,
        entry.subject,
        entry.detail,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _table(rows: Iterable[Mapping[str, Any]]) -> Any:
    flat = ([*list(row.values())[:-1], json.dumps(row["detail"])] for row in rows)
    return csv.answer("audit", COLUMNS, flat)


def _array(rows: Iterable[Mapping[str, Any]]) -> StreamingHttpResponse:
    def pieces() -> Iterator[str]:
        yield "["
        for n, row in enumerate(rows):
            yield f"{',' if n else ''}\n{json.dumps(row)}"
        yield "\n]\n"

    response = StreamingHttpResponse(pieces(), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="audit.json"'
    return response


KINDS: Mapping[str, Callable[[Iterable[Mapping[str, Any]]], Any]] = {"csv": _table, "json": _array}
