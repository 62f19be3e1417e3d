"""Tokens of the review API: made for oneself, ended by oneself or by an owner of one's sites."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from knox.models import AuthToken

from comments.models import Membership, User
from comments.models.row_limits import require_room
from moderation.decisions import audit
from moderation.decisions.audit import AuditRecord
from moderation.models import AuditAction, ReviewToken
from moderation.notifications.mail import security

# How long a token is good for, by the words of the choice; for ever only where that is chosen.
LIFETIMES: dict[str, timedelta | None] = {
    gettext_noop("30 days"): timedelta(days=30),
    gettext_noop("90 days"): timedelta(days=90),
    gettext_noop("a year"): timedelta(days=365),
    gettext_noop("for ever"): None,
}
DEFAULT_LIFETIME = timedelta(days=90)
LAST_USED_PRECISION = timedelta(minutes=1)
ID_LENGTH = 16


@dataclass(frozen=True, slots=True)
class TokenDetails:
    """A token as people see it; `id` is the start of its digest, which opens nothing."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


MOST_PER_USER = 50


@transaction.atomic
def issue(
    user: User,
    *,
    by: User | None,
    now: datetime,
    name: str = "",
    lifetime: timedelta | None = DEFAULT_LIFETIME,
) -> str:
    """Return a new token, of which only a digest is kept; tell its owner, and the log.

    Without a lifetime it never ends by itself. Raises LimitReached beyond MOST_PER_USER.
    """
    require_room(AuthToken.objects.filter(user=user), most=MOST_PER_USER, what=_("tokens of yours"))
    # Knox counts the lifetime from its own clock.
    token, secret = AuthToken.objects.create(user, expiry=None)
    token.expiry = now + lifetime if lifetime else None
    token.save(update_fields=["expiry"])
    details = ReviewToken.objects.create(token=token, name=name or f"Token of {now:%Y-%m-%d}")
    _note(AuditAction.TOKEN_ISSUED, user, [details.name], by=by, now=now)
    security.write(user, security.REVIEW_TOKEN, detail=details.name, now=now)
    return str(secret)


def of(user: User, *, now: datetime) -> list[TokenDetails]:
    """Return the valid tokens of a user, the newest first."""
    return [_details(token) for token in _valid(user, now=now).order_by("-created")]


@transaction.atomic
def revoke(user: User, token_id: str, *, by: User, now: datetime) -> bool:
    """End the token of a user with this id; return whether there was one."""
    if len(token_id) != ID_LENGTH:
        return False
    return _end(AuthToken.objects.filter(user=user, digest__startswith=token_id), by=by, now=now)


@transaction.atomic
def end_all(user: User, *, by: User | None, now: datetime) -> bool:
    """End every token of a user: with their password, account or last membership."""
    return _end(AuthToken.objects.filter(user=user), by=by, now=now)


def end_without_sites(user: User, *, by: User | None, now: datetime) -> None:
    """End the tokens of who has no site any more, so that a later membership revives none."""
    if not user.is_superuser and not Membership.objects.filter(user=user).exists():
        end_all(user, by=by, now=now)


def note_use(token: AuthToken, *, now: datetime) -> None:
    """Record that a token was used, once a minute at most."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_PRECISION)
    ReviewToken.objects.filter(stale, token=token).update(last_used_at=now)


def _valid(user: User, *, now: datetime) -> QuerySet[AuthToken]:
    tokens: QuerySet[AuthToken] = AuthToken.objects.filter(user=user)
    return tokens.select_related("details", "user").filter(Q(expiry=None) | Q(expiry__gt=now))


def _details(token: AuthToken) -> TokenDetails:
    details = getattr(token, "details", None)
    return TokenDetails(
        id=token.digest[:ID_LENGTH],
        name=details.name if details else "Without a name",
        created_at=token.created,
        expires_at=token.expiry,
        last_used_at=details.last_used_at if details else None,
    )


def _end(tokens: QuerySet[AuthToken], *, by: User | None, now: datetime) -> bool:
    ended = list(tokens.select_related("details", "user"))
    if not ended:
        return False
    names = [_details(token).name for token in ended]
    _note(AuditAction.TOKEN_REVOKED, ended[0].user, names, by=by, now=now)
    AuthToken.objects.filter(pk__in=[token.pk for token in ended]).delete()
    return True


def _note(
    act: AuditAction, user: User, names: Iterable[str], *, by: User | None, now: datetime
) -> None:
    """Write into the log of every site that the tokens open."""
    sites = list(Membership.objects.filter(user=user).values_list("site", flat=True))
    records = (
        AuditRecord(act, site, user.pk, {"member": user.email, "token": name})
        for name in names
        for site in sites
    )
    audit.record_all(records, by=by, now=now)
