"""Whether a site's pages, or its servers, have called yet."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

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


def with_state(sites: QuerySet[Site]) -> QuerySet[Site, Any]:
    """Annotate sites with `connection_state`, as `of_site` says it of one, for a list of many."""
    own = {"site": OuterRef("pk")}
    used = Exists(SiteKey.objects.filter(**own).exclude(last_used_at=None))
    refused = Exists(RefusedOrigin.objects.filter(**own))
    return sites.annotate(
        connection_state=Case(
            When(Q(connected_at__isnull=False) | used, then=Value(ConnectionState.CONNECTED)),
            When(refused, then=Value(ConnectionState.REFUSED)),
            default=Value(ConnectionState.WAITING),
        )
    )


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
