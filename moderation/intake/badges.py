"""Badges beside names: for members of a site, and for readers whom the site signs on with one."""

from comments.models import Membership, Site
from comments.models.badge import Badge, BadgeKind
from comments.privacy import email_addresses


def badge_for(site: Site, email: str, *, verified: bool, claimed: Badge) -> Badge:
    """Return the badge of a writer: what the site signed, else that of a member of its desk.

    Anybody can type a member's address, so it counts only where it is `verified`.
    """
    if claimed or not (verified and email):
        return claimed
    address = email_addresses.normalise_email(email)
    members = Membership.objects.filter(site=site, user__is_active=True)
    is_member = members.filter(user__email__iexact=address).exists()
    return Badge(BadgeKind.STAFF) if is_member else Badge()
