"""Tokens that work once: of sign-on, and of forms."""

import hashlib
from datetime import datetime

from comments.models import Site, UsedToken
from comments.models.insertion import insert_if_new


def use_up(name: str, site: Site, *, expires_at: datetime) -> bool:
    """Use a token of a site up, by what names it; return False when it was used before.

    Where the token is being used in another transaction, this one waits for its end. It is
    remembered until it has expired.
    """
    return insert_if_new(use_of(name, site, expires_at=expires_at))


def use_of(name: str, site: Site, *, expires_at: datetime) -> UsedToken:
    """Return the row that uses a token up, not stored; it violates a constraint the second time."""
    digest = hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()
    return UsedToken(site=site, digest=digest, expires_at=expires_at)
