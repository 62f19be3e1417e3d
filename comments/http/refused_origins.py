"""Remember from where a site was called in vain, for its owner: few rows, and few writes.

A page that calls from an origin that nobody listed shows no comments, and only its owner can change
that. Calls are counted in each process, and written now and then.
"""

from collections import Counter
from datetime import datetime
from threading import Lock

from cachetools import LRUCache
from django.db import transaction
from django.db.models import F

from comments.http import rate_limits
from comments.models import RefusedOrigin, Site
from comments.models.site import ORIGIN

# Origins that a site keeps; of those, the one that called least makes room for another.
MOST_PER_SITE = 20
# Writes a minute for one site.
WRITES_PER_MINUTE = 6
LONGEST_ORIGIN = 300


def note(site: Site, origin: str, *, now: datetime) -> None:
    """Count a call of a site from an origin that is not among its own, and store it now and then.

    What is no origin of a website (`null`, `capacitor://localhost`) can't be allowed, and is left
    out.
    """
    if len(origin) > LONGEST_ORIGIN or not ORIGIN.fullmatch(origin):
        return
    with _lock:
        counts = _waiting.setdefault(site.pk, Counter())
        if origin in counts or len(counts) < MOST_PER_SITE:
            counts[origin] += 1
    name = f"refused origins {site.pk}"
    if rate_limits.use(name, now=now.timestamp(), limit=WRITES_PER_MINUTE).allowed:
        with _lock:
            counts = _waiting.pop(site.pk, Counter())
        _store(site, counts, now=now)


@transaction.atomic
def _store(site: Site, counts: Counter[str], *, now: datetime) -> None:
    for origin, times in counts.items():
        rows = RefusedOrigin.objects.filter(site=site, origin=origin)
        if rows.update(times=F("times") + times, last_at=now):
            continue
        kept = RefusedOrigin.objects.filter(site=site)
        if kept.count() >= MOST_PER_SITE:
            kept.filter(pk__in=kept.order_by("times", "last_at").values("pk")[:1]).delete()
        # Another process may have stored it meanwhile.
        RefusedOrigin.objects.get_or_create(
            site=site, origin=origin, defaults={"times": times, "last_at": now}
        )


_lock = Lock()
_waiting: LRUCache[object, Counter[str]] = LRUCache(maxsize=1000)
