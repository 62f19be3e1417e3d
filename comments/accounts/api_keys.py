"""Issue, authenticate, rotate and revoke the API keys of sites.

Of a secret (160 random bits, for `akismet` 62) a digest is stored that is keyed with EMAIL_KEYS, as
those of email addresses are: a copy of the database is not enough to try secrets. People tell keys
apart by a public id, which tells nothing of the secret.
"""

import secrets
import string
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography.fernet import InvalidToken
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import KeyMode, Scope, Site, SiteKey, User
from comments.models.row_limits import require_room
from comments.privacy import email_addresses

PREFIX = "lar_"
ALPHABET = string.ascii_lowercase + string.digits
# The Akismet plugin of WordPress takes keys of exactly twelve characters, and others put the key
# in a host name, where case is lost.
AKISMET_SECRET_LENGTH, SECRET_LENGTH, PUBLIC_ID_LENGTH = 12, 32, 8
# The scopes that keys of a mode may have; other modes have no such limit.
ALLOWED_SCOPES: Mapping[str, set[str]] = {
    KeyMode.QUEUE: {Scope.AKISMET},
    KeyMode.SHADOW: {Scope.AKISMET, Scope.CHECKS, Scope.FEEDBACK},
}
LAST_USED_PRECISION = timedelta(minutes=1)
MOST_PER_SITE = 200


class IssuedKey(NamedTuple):
    """A new API key and its secret, which is not stored and can't be shown again."""

    key: SiteKey
    secret: str


class InvalidScopes(ValueError):
    """A key can't have these scopes; the message says why."""


def issue(
    site: Site,
    *,
    scopes: Iterable[str],
    name: str,
    now: datetime,
    created_by: User | None = None,
    mode: KeyMode = KeyMode.CHECK,
) -> IssuedKey:
    """Create an API key and return it with its secret. Raises InvalidScopes, or LimitReached."""
    scopes = sorted(set(scopes))
    validate_scopes(scopes, mode=mode)
    valid = SiteKey.objects.valid(now).filter(site=site)
    require_room(valid, most=MOST_PER_SITE, what=_("valid keys of this site"))
    secret = _new_secret(scopes)
    key = SiteKey.objects.create(
        site=site,
        name=name,
        **_at_rest(email_addresses.secret_fingerprint(secret)),
        public_id=_random(PUBLIC_ID_LENGTH),
        scopes=scopes,
        created_at=now,
        created_by=created_by,
        mode=mode,
    )
    return IssuedKey(key, secret)


def validate_scopes(scopes: Collection[str], *, mode: KeyMode = KeyMode.CHECK) -> None:
    """Raise InvalidScopes for no scopes, unknown ones, or `akismet` with another one.

    The short secrets that Akismet's clients need must not open anything else. Only they can have
    the mode QUEUE; keys in the mode SHADOW may check and give feedback.
    """
    unique = set(scopes)
    if not unique or unique - set(Scope.values):
        raise InvalidScopes(
            gettext("Choose from these scopes: %(scopes)s.") % {"scopes": ", ".join(Scope.values)}
        )
    if Scope.AKISMET in unique and len(unique) > 1:
        raise InvalidScopes(
            gettext("A key for akismet can have no other scope: make another key for that.")
        )
    if unique - ALLOWED_SCOPES.get(mode, unique):
        raise InvalidScopes(
            gettext("A key in the mode %(mode)s is for these scopes alone: %(scopes)s.")
            % {"mode": mode, "scopes": ", ".join(sorted(ALLOWED_SCOPES[mode]))}
        )


def authenticate(secret: str, *, now: datetime) -> SiteKey | None:
    """Return the key that a secret belongs to, with its site; None unless it is valid.

    Records the time of use, once a minute at most.
    """
    if not secret:
        return None
    digests = email_addresses.secret_digests(email_addresses.secret_fingerprint(secret))
    key = SiteKey.objects.valid(now).select_related("site").filter(digest__in=digests).first()
    if key and (key.last_used_at is None or now - key.last_used_at > LAST_USED_PRECISION):
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USED_PRECISION)
        SiteKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    return key


def rotate(key: SiteKey, *, overlap: timedelta, now: datetime) -> IssuedKey:
    """Issue a successor of a key, which expires after the `overlap` at the latest."""
    successor = issue(
        key.site,
        scopes=key.scopes,
        name=key.name,
        now=now,
        created_by=key.created_by,
        mode=KeyMode(key.mode),
    )
    until = now + overlap
    key.expires_at = min(key.expires_at, until) if key.expires_at else until
    key.save(update_fields=["expires_at"])
    return successor


def revoke(key: SiteKey, *, now: datetime) -> None:
    """Revoke a key at once, for good."""
    SiteKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)


def rekey() -> None:
    """Bring the digests of all keys under the newest of EMAIL_KEYS, while the older ones are there.

    A key whose EMAIL_KEY is gone stays as it is: nobody can use it any more.
    """
    for key in SiteKey.objects.order_by("pk").iterator():
        try:
            fingerprint = email_addresses.decrypt(key.fingerprint_encrypted)
        except InvalidToken:
            continue
        SiteKey.objects.filter(pk=key.pk).update(**_at_rest(fingerprint))


def _at_rest(fingerprint: str) -> dict[str, str]:
    """Return the columns of a key's secret: its keyed digest, and what a new digest is made of."""
    return {
        "digest": email_addresses.secret_digests(fingerprint)[0],
        "fingerprint_encrypted": email_addresses.encrypt(fingerprint),
    }


def _new_secret(scopes: Iterable[str]) -> str:
    if Scope.AKISMET in scopes:
        return _random(AKISMET_SECRET_LENGTH)
    return PREFIX + _random(SECRET_LENGTH)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
