"""Note when a page of a site called for the first time: its owner waits for that in the set-up."""

from datetime import datetime

from comments.models import Site


def note(site: Site, origin: str, *, now: datetime) -> None:
    """Record the first call from one of the site's origins (the header `Origin`); once for all."""
    if site.connected_at is None and origin in site.origins:
        Site.objects.filter(pk=site.pk, connected_at=None).update(connected_at=now)
