"""Examine the accounts that can change everything."""

from collections.abc import Iterator
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from comments.models import Membership, Role, User
from moderation.insight.doctor.diagnosis import Diagnosis, warning

NAMED = 5


def second_factors(now: datetime) -> Iterator[Diagnosis]:
    """Tell of owners and superusers whom a password alone signs in."""
    factors = Authenticator.objects.filter(user=OuterRef("pk"))
    own = Membership.objects.filter(user=OuterRef("pk"), role=Role.OWNER)
    powerful = User.objects.filter(Q(is_superuser=True) | Exists(own), is_active=True)
    bare = powerful.exclude(Exists(factors.exclude(type=Authenticator.Type.RECOVERY_CODES)))
    # Who has no password signs in at the provider, which has its own second step, or by a token.
    names = [user.email for user in bare.order_by("email") if user.has_usable_password()]
    if names:
        listed = ", ".join([*names[:NAMED], *["…"][: len(names) - NAMED]])
        text = gettext(
            "Accounts that own a site or all, with a password alone: %(number)s (%(names)s)."
        ) % {"number": len(names), "names": listed}
        advice = gettext("They add a passkey or an app under “Sign-in and security”.")
        yield warning(text, advice)
