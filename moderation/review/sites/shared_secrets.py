"""Make, take and end the secrets that a site shares with us, with an audit entry for each."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from comments.accounts import shared_secrets, single_sign_on
from comments.accounts.shared_secrets import SecretUse
from comments.models import Site
from moderation.decisions import audit
from moderation.models import Actor, AuditAction

LONGEST = 500
PUBLIC_KEY = "sign_on_public_key"


class SecretRefused(ValueError):
    """The secret can't be taken; the message says why."""


@transaction.atomic
def make_sign_on_secret(site: Site, *, by: Actor, now: datetime) -> str:
    """Return a new secret for single sign-on; the one until now stays valid until it is dropped."""
    _record(AuditAction.SECRET_SET, site, SecretUse.SIGN_ON, by=by, now=now)
    return single_sign_on.generate_secret(site)


@transaction.atomic
def take_coral_secret(site: Site, secret: str, *, by: Actor, now: datetime) -> None:
    """Take the secret that Coral shows; the one until now stays valid until it is dropped.

    Raises SecretRefused.
    """
    secret = secret.strip()
    if not secret or len(secret) > LONGEST:
        raise SecretRefused(
            gettext("A secret has 1 to %(number)s characters.") % {"number": LONGEST}
        )
    if secret in shared_secrets.valid(site, SecretUse.CORAL)[:1]:
        raise SecretRefused(gettext("This is the secret that is set already."))
    shared_secrets.replace(site, SecretUse.CORAL, secret)
    _record(AuditAction.SECRET_SET, site, SecretUse.CORAL, by=by, now=now)


@transaction.atomic
def set_public_key(site: Site, pem: str, *, by: Actor, now: datetime) -> None:
    """Trust a site's Ed25519 key for single sign-on, or none (""). Raises ValueError."""
    single_sign_on.set_public_key(site, pem.strip())
    act = AuditAction.SECRET_SET if pem.strip() else AuditAction.SECRET_DROPPED
    _record(act, site, PUBLIC_KEY, by=by, now=now)


@transaction.atomic
def drop_former(site: Site, use: SecretUse, *, by: Actor, now: datetime) -> None:
    """End the former secret; what is still signed with it is refused from now on."""
    shared_secrets.drop_former(site, use)
    _record(AuditAction.SECRET_DROPPED, site, use, by=by, now=now, which="former")


@transaction.atomic
def remove(site: Site, use: SecretUse, *, by: Actor, now: datetime) -> None:
    """End both secrets, so that nothing is signed with a secret any more."""
    shared_secrets.remove(site, use)
    _record(AuditAction.SECRET_DROPPED, site, use, by=by, now=now, which="all")


def _record(
    act: AuditAction, site: Site, what: str, *, by: Actor, now: datetime, **detail: str
) -> None:
    detail = {"secret": what, **detail}
    audit.record(act, site=site, by=by, now=now, subject=site.pk, detail=detail)
