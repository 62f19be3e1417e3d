"""The audit trail: one line for what a person did other than decide."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from comments.models import Site, User
from moderation.models import Act, AuditEntry


def note(
    act: Act,
    *,
    site: Site,
    by: User | None,
    now: datetime,
    subject: object = "",
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry, in the transaction of what it tells of. `detail` must hold no address."""
    return AuditEntry.objects.create(
        site=site, act=act, by=by, at=now, subject=str(subject), detail=dict(detail or {})
    )
