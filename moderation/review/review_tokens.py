"""Tokens of the review API: who makes them for themself, and ends them."""

from datetime import datetime

from django.db import transaction
from knox.models import AuthToken

from comments.models import Membership, User
from moderation.decisions import audit
from moderation.decisions.audit import AuditRecord
from moderation.models import AuditAction


@transaction.atomic
def issue(user: User, *, by: User | None, now: datetime) -> str:
    """Return a new token, of which only a digest is kept, and write down who made it."""
    token, secret = AuthToken.objects.create(user)
    _note(AuditAction.TOKEN_ISSUED, user, token.token_key, by=by, now=now)
    return str(secret)


def of(user: User) -> list[AuthToken]:
    """Return the tokens of a user, the newest first."""
    return list(AuthToken.objects.filter(user=user).order_by("-created"))


@transaction.atomic
def revoke(user: User, beginning: str, *, by: User, now: datetime) -> bool:
    """End the token of a user that begins so; return whether there was one."""
    deleted, _ = AuthToken.objects.filter(user=user, token_key=beginning).delete()
    if deleted:
        _note(AuditAction.TOKEN_REVOKED, user, beginning, by=by, now=now)
    return bool(deleted)


def _note(act: AuditAction, user: User, beginning: str, *, by: User | None, now: datetime) -> None:
    """Write into the log of every site that the token opens."""
    sites = Membership.objects.filter(user=user).values_list("site", flat=True)
    detail = {"member": user.email, "token": f"{beginning}…"}
    audit.record_all((AuditRecord(act, site, user.pk, detail) for site in sites), by=by, now=now)
