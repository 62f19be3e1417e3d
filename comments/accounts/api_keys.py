"""Issue, authenticate, rotate and revoke the API keys of sites.

A secret is random (160 bits, for `akismet` 62), so one round of SHA-256 is enough to store it:
there is no dictionary to try.
"""

import hashlib
import secrets
import string
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from comments.models import KeyMode, Scope, Site, SiteKey, User

PREFIX = "lar_"
ALPHABET = string.ascii_lowercase + string.digits
# The Akismet plugin of WordPress takes keys of exactly twelve characters, and others put the key
# in a host name, where case is lost.
AKISMET_SECRET_LENGTH, SECRET_LENGTH = 12, 32
# The scopes that keys of a mode may have; other modes have no such limit.
ALLOWED_SCOPES: Mapping[str, set[str]] = {
    KeyMode.QUEUE: {Scope.AKISMET},
    KeyMode.SHADOW: {Scope.AKISMET, Scope.CHECKS, Scope.FEEDBACK},
}
LAST_USED_PRECISION = timedelta(minutes=1)


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
    """Create an API key and return it with its secret. Raises InvalidScopes."""
    scopes = sorted(set(scopes))
    validate_scopes(scopes, mode=mode)
    secret = _new_secret(scopes)
    key = SiteKey.objects.create(
        site=site,
        name=name,
        digest=_digest(secret),
        hint=secret[: 4 if Scope.AKISMET in scopes else 8],
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
        raise InvalidScopes(f"Choose from these scopes: {', '.join(Scope.values)}.")
    if Scope.AKISMET in unique and len(unique) > 1:
        raise InvalidScopes("A key for akismet can have no other scope: make another key for that.")
    if unique - ALLOWED_SCOPES.get(mode, unique):
        raise InvalidScopes(
            f"A key in the mode {mode} is for {' or '.join(sorted(ALLOWED_SCOPES[mode]))}."
        )


def authenticate(secret: str, *, now: datetime) -> SiteKey | None:
    """Return the key that a secret belongs to, with its site; None unless it is valid.

    Records the time of use, once a minute at most.
    """
    key = (
        SiteKey.objects.valid(now).select_related("site").filter(digest=_digest(secret)).first()
        if secret
        else None
    )
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


def _new_secret(scopes: Iterable[str]) -> str:
    length, prefix = (
        (AKISMET_SECRET_LENGTH, "") if Scope.AKISMET in scopes else (SECRET_LENGTH, PREFIX)
    )
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
