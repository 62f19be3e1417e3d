"""Examine whether the sites' pages have found their way here."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from comments.models import RefusedOrigin, Site, SiteKey
from moderation.insight.doctor.diagnosis import Diagnosis, warning

NAMED = 10


def connections(now: datetime) -> Iterator[Diagnosis]:
    """Tell of sites that never called, neither from their origins nor by a key."""
    used = SiteKey.objects.filter(site=OuterRef("pk")).exclude(last_used_at=None)
    never = Site.objects.filter(~Exists(used), connected_at=None).order_by("slug")
    # The demo is a page of ours, which calls without telling an origin.
    silent = [site for site in never if settings.PUBLIC_ORIGIN not in site.origins]
    for site in silent[:NAMED]:
        refused = RefusedOrigin.objects.filter(site=site).first()
        if refused:
            text = gettext("%(site)s was called from %(origin)s, which is not among its origins.")
            advice = gettext("Allow it under “Refused origins”, if it is yours.")
            yield warning(text % {"site": site, "origin": refused}, advice)
        else:
            text = gettext("%(site)s was never called from its pages (%(origins)s).")
            advice = gettext(
                "Its set-up in the desk shows what goes into them, as does “manage.py create_site "
                "%(slug)s”."
            )
            origins = ", ".join(site.origins)
            yield warning(text % {"site": site, "origins": origins}, advice % {"slug": site.slug})
    if (more := len(silent) - NAMED) > 0:
        yield warning(gettext("More sites that were never called: %(number)s.") % {"number": more})
