"""Connecting: a site's people give keys to its servers, renew them and take them back."""

from datetime import datetime, timedelta

from django.db import transaction

from comments.accounts import api_keys
from comments.accounts.api_keys import IssuedKey
from comments.models import KeyMode, Site, SiteKey, User
from moderation.decisions import audit
from moderation.models import AuditAction

# A rotated key goes on for so long, in which its successor can be put in place.
OVERLAP = timedelta(days=7)


@transaction.atomic
def issue(
    site: Site, *, scopes: list[str], name: str, mode: KeyMode, by: User, now: datetime
) -> IssuedKey:
    """Issue a key, and write down who did. Raises BadScopes."""
    issued = api_keys.issue(site, scopes=scopes, name=name, mode=mode, created_by=by, now=now)
    _note(AuditAction.KEY_ISSUED, issued.key, by=by, now=now)
    return issued


@transaction.atomic
def rotate(key: SiteKey, *, by: User, now: datetime) -> IssuedKey:
    """Issue the successor of a key, which itself goes on for a week, and write down who did."""
    issued = api_keys.rotate(key, overlap=OVERLAP, now=now)
    _note(AuditAction.KEY_ISSUED, issued.key, by=by, now=now)
    return issued


@transaction.atomic
def revoke(key: SiteKey, *, by: User, now: datetime) -> None:
    """End a key at once, and write down who did."""
    api_keys.revoke(key, now=now)
    _note(AuditAction.KEY_REVOKED, key, by=by, now=now)


def _note(act: AuditAction, key: SiteKey, *, by: User, now: datetime) -> None:
    told = {"name": key.name, "hint": key.hint, "scopes": key.scopes}
    audit.note(act, site=key.site, by=by, now=now, subject=key.pk, detail=told)
