"""Flood mode: switch it on and off, by hand and by itself, with a notice to moderators.

While it is on, what new authors write waits, and readers' forms ask for a proof of work. Nothing is
refused or thrown away because of it, but what comes without the proof from a page that could give
it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.http import rate_limits
from comments.models import Site
from moderation.decisions import audit
from moderation.insight import alarms, flood_signs
from moderation.insight.flood_signs import Signs
from moderation.models import Actor, AuditAction
from moderation.models.audit import SystemActor
from moderation.notifications.mail.languages import in_their_language

# For how long it is not switched on by itself where a person switched it off, and at the least
# stays on where one switched it on.
REST, BY_HAND = timedelta(hours=6), timedelta(days=1)
# So many unsolved challenges in a minute show that the flood goes on; fewer may be readers whose
# form was older than the flood.
UNSOLVED = 5
WHAT = _("What new authors write waits, and readers' forms ask for a proof of work.")


def begin(site: Site, *, by: Actor, now: datetime) -> bool:
    """Switch flood mode on by hand; return False where it was on."""
    return _begin(site, by=by, now=now, why=_("Somebody switched flood mode on."))


def end(site: Site, *, by: Actor, now: datetime) -> bool:
    """Switch flood mode off by hand; return False where it was off."""
    return _end(site, by=by, now=now, why=_("Somebody switched flood mode off."))


def watch(*, now: datetime) -> None:
    """Switch flood mode on where a flood began, and off where it is over."""
    crowded = flood_signs.crowded(now=now) if settings.FLOOD_LEAST else {}
    quiet = Site.objects.filter(pk__in=crowded, flood_since=None)
    for site in flood_signs.rested(quiet, now=now, rest=REST):
        found = flood_signs.signs(site, strangers=crowded[site.pk], now=now)
        if flood_signs.is_flood(found):
            _begin(site, by=SystemActor.SERVICE, now=now, why=_in_words(found), signs=found)
    for site in _due_to_end(now=now):
        if flood_signs.is_calm(site, now=now):
            _end(
                site, by=SystemActor.SERVICE, now=now, why=_("Flood mode is off: it is calm again.")
            )


def note_unsolved(site: Site, *, now: datetime) -> None:
    """Note a comment that came without a proof of work: many of them keep flood mode on."""
    usage = rate_limits.use(f"unsolved {site.pk}", now=now.timestamp(), limit=UNSOLVED)
    if not usage.allowed:
        stale = Q(flood_pressed_at=None) | Q(flood_pressed_at__lt=now - timedelta(minutes=1))
        Site.objects.filter(stale, pk=site.pk).update(flood_pressed_at=now)


def _due_to_end(*, now: datetime) -> list[Site]:
    calm = now - timedelta(minutes=settings.FLOOD_CALM_MINUTES)
    by_itself = Q(flood_by_hand=False, flood_since__lte=calm)
    return list(Site.objects.filter(by_itself | Q(flood_since__lte=now - BY_HAND)))


@transaction.atomic
def _begin(
    site: Site, *, by: Actor, now: datetime, why: str | Promise, signs: Signs | None = None
) -> bool:
    by_hand = signs is None
    state = {"flood_since": now, "flood_by_hand": by_hand, "flood_pressed_at": None}
    # Of two at once, one finds it off.
    if not Site.objects.filter(pk=site.pk, flood_since=None).update(**state):
        return False
    detail = {"strangers": signs.strangers, "usual": round(signs.usual, 1)} if signs else {}
    audit.record(AuditAction.FLOOD_BEGUN, site=site, by=by, now=now, detail=detail)
    alarms.announce(site, [why, WHAT], now=now)
    return True


@transaction.atomic
def _end(site: Site, *, by: Actor, now: datetime, why: str | Promise) -> bool:
    state: dict[str, Any] = {
        "flood_since": None,
        "flood_by_hand": False,
        "flood_pressed_at": None,
    }
    if by is not SystemActor.SERVICE:
        state["flood_ended_at"] = now
    if not Site.objects.filter(pk=site.pk).exclude(flood_since=None).update(**state):
        return False
    audit.record(AuditAction.FLOOD_ENDED, site=site, by=by, now=now)
    alarms.announce(site, [why], now=now)
    return True


@in_their_language
def _in_words(found: Signs) -> str:
    line = gettext(
        "Flood mode is on: new authors wrote %(number)s comments in ten minutes, where %(usual)s "
        "are usual. It ends by itself when it is calm, or when you switch it off."
    )
    return line % {"number": found.strangers, "usual": f"{found.usual:.0f}"}
