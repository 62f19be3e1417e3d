"""What those who look after people's accounts do for them."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from comments.accounts import two_factor
from comments.models import Membership, Role, User
from moderation.decisions import audit
from moderation.decisions.audit import AuditRecord
from moderation.models import AuditAction
from moderation.notifications.mail import security
from moderation.review import review_tokens


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
    security.write(colleague, security.SECOND_FACTOR_RESET, now=now)
    return True


def is_last_owner(membership: Membership) -> bool:
    """Tell whether a site would have no owner without this membership."""
    owners = Membership.objects.filter(site=membership.site_id, role=Role.OWNER)
    return list(owners.values_list("pk", flat=True)[:2]) == [membership.pk]


@transaction.atomic
def note_role(membership: Membership, *, by: User, now: datetime) -> None:
    """Write a new role into the log, and tell the member."""
    _note(AuditAction.MEMBER_SET, membership, by=by, now=now)
    with translation.override(membership.user.mail_language):
        what = gettext("You are %(role)s at %(site)s now")
        what %= {"role": Role(membership.role).noun, "site": membership.site.name}
    _tell(membership, what, by=by, now=now)


@transaction.atomic
def remove(membership: Membership, *, by: User, now: datetime) -> None:
    """Remove a member, whose last membership takes the review tokens along, and tell them."""
    _note(AuditAction.MEMBER_REMOVED, membership, by=by, now=now)
    with translation.override(membership.user.mail_language):
        what = gettext("You are no member of %(site)s any more") % {"site": membership.site.name}
    _tell(membership, what, by=by, now=now)
    user = membership.user
    Membership.objects.filter(pk=membership.pk).delete()
    review_tokens.end_without_sites(user, by=by, now=now)


def _note(act: AuditAction, membership: Membership, *, by: User, now: datetime) -> None:
    detail = {"member": membership.user.email, "role": membership.role}
    subject = membership.user_id
    audit.record(act, site=membership.site, by=by, now=now, subject=subject, detail=detail)


def _tell(membership: Membership, what: str, *, by: User, now: datetime) -> None:
    if membership.user != by:
        security.write(membership.user, what, by=by.email, now=now)


def may_end_tokens(colleague: User, *, by: User) -> bool:
    """Tell whether `by` sees and ends somebody's review tokens.

    One's own, superusers anybody's, and owners those of a member of a site of theirs.
    """
    if colleague == by or by.is_superuser:
        return True
    owned = Membership.objects.filter(user=by, role=Role.OWNER).values("site")
    is_ours = Membership.objects.filter(user=colleague, site__in=owned).exists()
    return is_ours and not colleague.is_superuser
