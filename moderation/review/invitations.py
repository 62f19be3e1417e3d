"""Invite people to look after a site by a link, which ends with its use or after a week."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Invitation, Membership, Role, Site, User
from comments.models.row_limits import require_room
from comments.privacy import email_addresses
from moderation.decisions import audit
from moderation.models import AuditAction, MailKind
from moderation.notifications.mail import outbox, tasks
from moderation.notifications.mail.languages import in_their_language

LASTS = timedelta(days=7)
MOST_MEMBERS, MOST_OPEN = 500, 100


class InvitationRefused(ValueError):
    """Nobody can be invited like that, or the link is not good any more; the message says why."""


class IssuedInvitation(NamedTuple):
    """An invitation, and its link, which is not stored and can't be shown again."""

    invitation: Invitation
    link: str


@transaction.atomic
def invite(site: Site, *, email: str, role: Role, by: User, now: datetime) -> IssuedInvitation:
    """Invite an address by mail. Raises InvitationRefused for a member, LimitReached.

    Whether the address has an account makes no difference here.
    """
    email = email_addresses.normalise_email(email)
    if Membership.objects.filter(site=site, user__email=email).exists():
        raise InvitationRefused(
            gettext("This person is a member already: set the role under Members.")
        )
    members = Membership.objects.filter(site=site)
    require_room(members, most=MOST_MEMBERS, what=_("members of this site"))
    Invitation.objects.filter(site=site, email=email).delete()
    waiting = Invitation.objects.filter(site=site, expires_at__gt=now)
    require_room(waiting, most=MOST_OPEN, what=_("open invitations of this site"))
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        site=site,
        email=email,
        role=role,
        digest=_digest(secret),
        invited_by=by,
        created_at=now,
        expires_at=now + LASTS,
    )
    _note(AuditAction.MEMBER_INVITED, invitation, by=by, now=now)
    link = f"{settings.PUBLIC_URL}/sign-in/invitation/{secret}/"
    _write(invitation, link, now=now)
    return IssuedInvitation(invitation, link)


def find(secret: str, *, now: datetime) -> Invitation | None:
    """Return the invitation behind a link; None when it was used, withdrawn, or has ended."""
    invitations = Invitation.objects.select_related("site", "invited_by")
    return invitations.filter(digest=_digest(secret), expires_at__gt=now).first()


@transaction.atomic
def accept(invitation: Invitation, *, user: User, now: datetime) -> Membership:
    """Use an invitation up: its person becomes a member.

    Who is one by now gets the role of the invitation where it is a higher one.
    Raises InvitationRefused for somebody else, and when it was used meanwhile.
    """
    if email_addresses.normalise_email(user.email) != invitation.email or not user.is_active:
        raise InvitationRefused(gettext("This invitation is for somebody else."))
    if not Invitation.objects.filter(pk=invitation.pk, expires_at__gt=now).delete()[0]:
        raise InvitationRefused(gettext("This invitation was used before, or has ended."))
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    membership, is_new = Membership.objects.get_or_create(
        site=invitation.site, user=user, defaults={"role": invitation.role}
    )
    if not is_new and is_promotion(invitation, membership):
        membership.role = invitation.role
        membership.save(update_fields=["role"])
    detail = {"member": invitation.email, "role": membership.role}
    audit.record(
        AuditAction.MEMBER_SET,
        site=invitation.site,
        by=user,
        now=now,
        subject=invitation.pk,
        detail=detail,
    )
    return membership


def is_promotion(invitation: Invitation, membership: Membership) -> bool:
    """Tell whether an invitation gives a member a higher role; it never takes one away."""
    ranks = list(Role)
    return ranks.index(Role(invitation.role)) < ranks.index(Role(membership.role))


@transaction.atomic
def accept_anew(invitation: Invitation, *, password: str, now: datetime) -> User:
    """Make the account of who was invited, and accept. The password is valid. See `accept`."""
    user = User.objects.create_user(invitation.email, password, is_staff=True)
    accept(invitation, user=user, now=now)
    return user


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User, now: datetime) -> None:
    """End an invitation before it is used."""
    _note(AuditAction.INVITATION_WITHDRAWN, invitation, by=by, now=now)
    invitation.delete()


def is_mailed() -> bool:
    """Tell whether mail leaves this machine; otherwise links are shown, to be handed over."""
    return not settings.EMAIL_BACKEND.endswith(("filebased.EmailBackend", "console.EmailBackend"))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "backslashreplace")).hexdigest()


def _note(act: AuditAction, invitation: Invitation, *, by: User, now: datetime) -> None:
    detail = {"member": invitation.email, "role": invitation.role}
    audit.record(act, site=invitation.site, by=by, now=now, subject=invitation.pk, detail=detail)


@in_their_language
def _noun(role: str) -> str:
    return Role(role).noun


def _write(invitation: Invitation, link: str, *, now: datetime) -> None:
    account = User.objects.filter(email=invitation.email).first()
    # Whoever has no account yet is written to in the language of the colleague who invites.
    language = account.mail_language if account else translation.get_language()
    context = {
        "link": link,
        "days": LASTS.days,
        "role": _noun(invitation.role),
        "by": str(invitation.invited_by),
    }
    mail = outbox.OutgoingEmail(
        kind=MailKind.INVITATION,
        to=invitation.email,
        language=language,
        site=invitation.site,
        context=context,
    )
    outbox.enqueue(mail, now=now)
    tasks.enqueue_mails()
