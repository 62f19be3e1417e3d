"""Issue, rotate and revoke a site's API keys, with an audit entry for each."""

from datetime import datetime, timedelta

from django.db import transaction

from comments.accounts import api_keys
from comments.accounts.api_keys import IssuedKey
from comments.models import KeyMode, Site, SiteKey, User
from moderation.decisions import audit
from moderation.models import Actor, AuditAction

# A rotated key stays valid for so long, in which its successor can be put in place.
OVERLAP = timedelta(days=7)


@transaction.atomic
def issue(
    site: Site, *, scopes: list[str], name: str, mode: KeyMode, by: Actor, now: datetime
) -> IssuedKey:
    """Issue an API key. Raises InvalidScopes."""
    user = by if isinstance(by, User) else None
    issued = api_keys.issue(site, scopes=scopes, name=name, mode=mode, created_by=user, now=now)
    _record(AuditAction.KEY_ISSUED, issued.key, by=by, now=now)
    return issued


@transaction.atomic
def rotate(key: SiteKey, *, by: User, now: datetime) -> IssuedKey:
    """Issue the successor of a key, which itself stays valid for OVERLAP."""
    issued = api_keys.rotate(key, overlap=OVERLAP, now=now)
    _record(AuditAction.KEY_ISSUED, issued.key, by=by, now=now)
    return issued


@transaction.atomic
def revoke(key: SiteKey, *, by: User, now: datetime) -> None:
    """Revoke a key at once."""
    api_keys.revoke(key, now=now)
    _record(AuditAction.KEY_REVOKED, key, by=by, now=now)


def _record(action: AuditAction, key: SiteKey, *, by: Actor, now: datetime) -> None:
    detail = {"name": key.name, "id": key.public_id, "scopes": key.scopes}
    audit.record(action, site=key.site, by=by, now=now, subject=key.pk, detail=detail)
