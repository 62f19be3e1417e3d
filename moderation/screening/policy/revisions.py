"""Set the policy of a site: store the next revision and write it to the audit log."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from comments.models import User
from comments.models.row_limits import require_room
from moderation.decisions import audit
from moderation.models import Actor, AuditAction, Policy

MOST_AN_HOUR = 100


@transaction.atomic
def set_policy(policy: Policy, *, by: Actor | None, now: datetime) -> Policy:
    """Store a policy as its site's next revision, and return it.

    Raises LimitReached beyond MOST_AN_HOUR: revisions are kept for ever.
    """
    require_room(
        Policy.objects.filter(site=policy.site, created_at__gt=now - timedelta(hours=1)),
        most=MOST_AN_HOUR,
        what=_("changes of the house rules within an hour"),
        remedy=_("wait for a while"),
    )
    former = Policy.objects.current(policy.site)
    policy.created_by = by if isinstance(by, User) else None
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
