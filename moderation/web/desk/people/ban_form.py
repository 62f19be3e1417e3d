"""The small form by which an author, a network or a domain is banned where they are seen."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

from comments.models import Site
from moderation.models import Ban
from moderation.review.people import bans
from moderation.web.desk.base.permissions import user_of

LONGEST_REASON = 300
SPANS = {"1": "for a day", "7": "for a week", "30": "for a month", "365": "for a year"}


def ban_of(request: HttpRequest, site: Site, *, target: str, value: str) -> str:
    """Put a ban in force as the form says, and return what to tell the moderator."""
    now = timezone.now()
    # A ban that was there may have run out: it holds again.
    wanted = Ban(
        site=site,
        target=target,
        value=value,
        reason=request.POST.get("reason", "").strip()[:LONGEST_REASON],
        until=_until(request, now=now),
    )
    retroactive = bool(request.POST.get("retroactive"))
    _, job = bans.ban(wanted, moderator=user_of(request), now=now, retroactive=retroactive)
    told = "Banned: new comments from there are rejected. Bans lists it."
    return f"{told} What stands is being rejected: {job.total}." if job else told


def _until(request: HttpRequest, *, now: datetime) -> datetime | None:
    """Return when the ban ends; for good where no known span is asked for."""
    days = request.POST.get("span", "")
    return now + timedelta(days=int(days)) if days in SPANS else None
