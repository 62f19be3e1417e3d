"""Count the calls of API keys: each key has a limit, and all keys of a site have one together."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from comments.http import rate_limits
from comments.http.rate_limits import RateLimit
from comments.models import SiteKey


def count_call(key: SiteKey, *, now: datetime) -> Mapping[str, RateLimit]:
    """Count a call, and return the limits of the key (KEY_LIMIT) and of its site (SITE_LIMIT).

    A call that the key's limit refuses does not count against the site's: other keys go on.
    """
    moment = now.timestamp()
    own = rate_limits.use(f"key {key.pk}", now=moment)
    if not own.allowed:
        return {"key": own}
    whole = rate_limits.use(f"site {key.site_id}", now=moment, limit=settings.SITE_LIMIT)
    return {"key": own, "site": whole}


def exceeded(limits: Mapping[str, RateLimit]) -> RateLimit | None:
    """Return the limit that refuses the call, if one does."""
    return next((limit for limit in limits.values() if not limit.allowed), None)
