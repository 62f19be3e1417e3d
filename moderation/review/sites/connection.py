"""Whether a site's pages, or its servers, have called yet."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from comments.models import RefusedOrigin, Site, SiteKey


class ConnectionState(StrEnum):
    """How far a site is connected."""

    WAITING = "waiting"
    REFUSED = "refused"
    CONNECTED = "connected"


class Connection(NamedTuple):
    """The state of a site, since when it is connected, and from where it was called in vain."""

    state: ConnectionState
    since: datetime | None
    refused: list[RefusedOrigin]


def of_site(site: Site) -> Connection:
    """Return how far a site is connected: by its pages, or by a server of its own with a key."""
    refused = list(RefusedOrigin.objects.filter(site=site)[:3])
    since = site.connected_at or _first_use_of_a_key(site)
    if since:
        return Connection(ConnectionState.CONNECTED, since, refused)
    state = ConnectionState.REFUSED if refused else ConnectionState.WAITING
    return Connection(state, None, refused)


def _first_use_of_a_key(site: Site) -> datetime | None:
    used = SiteKey.objects.filter(site=site).exclude(last_used_at=None).order_by("last_used_at")
    return used.values_list("last_used_at", flat=True).first()
