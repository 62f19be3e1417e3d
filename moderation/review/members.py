"""What those who look after people's accounts do for them."""

from datetime import datetime

from django.db import transaction

from comments.accounts import two_factor
from comments.models import Membership, Role, User
from moderation.decisions import audit
from moderation.decisions.audit import AuditRecord
from moderation.models import AuditAction


def may_reset_second_factor(colleague: User, *, by: User) -> bool:
    """Tell whether `by` may take the second factor of somebody else away.

    Superusers may; owners may for those whose memberships are all at sites that they own.
    """
    if colleague == by:
        return False
    if by.is_superuser:
        return True
    owned = Membership.objects.filter(user=by, role=Role.OWNER).values("site")
    memberships = Membership.objects.filter(user=colleague)
    is_ours = memberships.exists() and not memberships.exclude(site__in=owned).exists()
    return is_ours and not colleague.is_superuser


@transaction.atomic
def reset_second_factor(colleague: User, *, by: User | None, now: datetime) -> bool:
    """Take a second factor away, and write it into the log of each of the person's sites.

    Returns whether there was one. `by` is None on the command line.
    """
    if not two_factor.remove(colleague):
        return False
    sites = Membership.objects.filter(user=colleague).values_list("site", flat=True)
    act, detail = AuditAction.SECOND_FACTOR_RESET, {"member": colleague.email}
    records = (AuditRecord(act, site, colleague.pk, detail) for site in sites)
    audit.record_all(records, by=by, now=now)
    return True
