"""House rules: set by people, as the next revision, with a line in the audit trail."""

from datetime import datetime

from django.db import transaction

from comments.models import User
from moderation.decisions import audit
from moderation.models import AuditAction, Policy

KEPT = ("id", "site", "revision", "created_at", "created_by")


@transaction.atomic
def set_rules(policy: Policy, *, by: User | None, now: datetime) -> Policy:
    """Store a policy as the next revision of its site's; `by` is none for the site's own server."""
    former = Policy.objects.current(policy.site)
    policy.created_by = by
    standing = Policy.objects.append(policy)
    detail = {"revision": standing.revision, "changed": changed(former, standing)}
    audit.record(
        AuditAction.RULES_SET,
        site=standing.site,
        by=by,
        now=now,
        subject=standing.revision,
        detail=detail,
    )
    return standing


def changed(former: Policy, later: Policy) -> list[str]:
    """Return the names of the rules in which two policies differ."""
    names = [field.name for field in Policy._meta.fields if field.name not in KEPT]
    return [name for name in names if getattr(former, name) != getattr(later, name)]
