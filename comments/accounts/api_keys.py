"""Issuing the keys of sites, and finding the one that a secret belongs to.

A secret is random (160 bits, for `akismet` 62), so one round of SHA-256 keeps it as safe as a slow
digest would: there is no dictionary to try.
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
LETTERS = string.ascii_lowercase + string.digits
# The Akismet plugin of WordPress takes keys of exactly twelve characters, and others put the key
# in a host name, where case is lost.
AKISMET_LENGTH, LENGTH = 12, 32
# What keys of a mode may be for; others may be for anything.
SCOPES_OF: Mapping[str, set[str]] = {
    KeyMode.QUEUE: {Scope.AKISMET},
    KeyMode.SHADOW: {Scope.AKISMET, Scope.CHECKS, Scope.FEEDBACK},
}
NOTED_EVERY = timedelta(minutes=1)


class IssuedKey(NamedTuple):
    """A new key and its secret, which can't be shown again."""

    key: SiteKey
    secret: str


class InvalidScopes(ValueError):
    """These scopes can't be on one key; the message says why."""


def issue(
    site: Site,
    *,
    scopes: Iterable[str],
    name: str,
    now: datetime,
    created_by: User | None = None,
    mode: KeyMode = KeyMode.CHECK,
) -> IssuedKey:
    """Make a key; raise InvalidScopes for scopes that can't be on one key."""
    wanted = sorted(set(scopes))
    check(wanted, mode=mode)
    secret = _secret(wanted)
    key = SiteKey.objects.create(
        site=site,
        name=name,
        digest=_digest(secret),
        hint=secret[: 4 if Scope.AKISMET in wanted else 8],
        scopes=wanted,
        created_at=now,
        created_by=created_by,
        mode=mode,
    )
    return IssuedKey(key, secret)


def check(scopes: Collection[str], *, mode: KeyMode = KeyMode.CHECK) -> None:
    """Raise BadScopes for no scopes, for unknown ones, or for `akismet` beside another.

    The short secrets that Akismet's clients need open nothing else. They alone can be in the mode
    QUEUE; keys in the mode SHADOW may check and give feedback.
    """
    wanted = set(scopes)
    if not wanted or wanted - set(Scope.values):
        raise InvalidScopes(f"Choose from these scopes: {', '.join(Scope.values)}.")
    if Scope.AKISMET in wanted and len(wanted) > 1:
        raise InvalidScopes("A key for akismet can have no other scope: make another key for that.")
    if wanted - SCOPES_OF.get(mode, wanted):
        raise InvalidScopes(
            f"A key in the mode {mode} is for {' or '.join(sorted(SCOPES_OF[mode]))}."
        )


def find(secret: str, *, now: datetime) -> SiteKey | None:
    """Return the key of a secret, with its site; None when there is none that is valid."""
    key = (
        SiteKey.objects.valid(now).select_related("site").filter(digest=_digest(secret)).first()
        if secret
        else None
    )
    if key and (key.last_used_at is None or now - key.last_used_at > NOTED_EVERY):
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
        SiteKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    return key


def rotate(key: SiteKey, *, overlap: timedelta, now: datetime) -> IssuedKey:
    """Issue a successor of a key, which itself goes on for the `overlap` at most."""
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
    """End a key at once, for good."""
    SiteKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)


def _secret(scopes: Iterable[str]) -> str:
    length, prefix = (AKISMET_LENGTH, "") if Scope.AKISMET in scopes else (LENGTH, PREFIX)
    return prefix + "".join(secrets.choice(LETTERS) for _ in range(length))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
