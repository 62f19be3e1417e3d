"""Set the policy of a site: store the next revision and write it to the audit log."""

from datetime import datetime

from django.db import transaction

from comments.models import User
from moderation.decisions import audit
from moderation.models import AuditAction, Policy


@transaction.atomic
def set_policy(policy: Policy, *, by: User | None, now: datetime) -> Policy:
    """Store a policy as its site's next revision and return it; `by` is None for an API key."""
    former = Policy.objects.current(policy.site)
    policy.created_by = by
    current = Policy.objects.append(policy)
    detail = {"revision": current.revision, "changed": changed_fields(former, current)}
    audit.record(
        AuditAction.RULES_SET,
        site=current.site,
        by=by,
        now=now,
        subject=current.revision,
        detail=detail,
    )
    return current


def changed_fields(former: Policy, later: Policy) -> list[str]:
    """Return the names of the policy fields in which two revisions differ."""
    return [name for name in Policy.FIELDS if getattr(former, name) != getattr(later, name)]
