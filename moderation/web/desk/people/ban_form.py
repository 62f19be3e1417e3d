"""The form fields with which pages ban an author, a network or a domain."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Site
from moderation.models import Ban
from moderation.review.people import bans
from moderation.web.desk.base.permissions import user_of

LONGEST_REASON = 300
SPANS = {
    "1h": _("for an hour"),
    "6h": _("for 6 hours"),
    "1": _("for a day"),
    "7": _("for a week"),
    "30": _("for a month"),
    "365": _("for a year"),
}


def ban_of(request: HttpRequest, site: Site, *, target: str, value: str) -> str:
    """Ban what the posted form names, and return a message for the moderator."""
    now = timezone.now()
    # An expired ban of the same target is renewed.
    new = Ban(
        site=site,
        target=target,
        value=value,
        reason=request.POST.get("reason", "").strip()[:LONGEST_REASON],
        until=_until(request, now=now),
    )
    retroactive = bool(request.POST.get("retroactive"))
    _, job = bans.ban(new, moderator=user_of(request), now=now, retroactive=retroactive)
    message = gettext("Banned: new comments from there are rejected. Bans lists it.")
    return _with_number(message, job.total) if job else message


def _with_number(message: str, number: int) -> str:
    rejected = gettext("What stands is being rejected: %(number)s.") % {"number": number}
    return f"{message} {rejected}"


def _until(request: HttpRequest, *, now: datetime) -> datetime | None:
    """Return when the ban ends; None, for good, where the span is unknown."""
    span = request.POST.get("span", "")
    if span not in SPANS:
        return None
    hours, number = span.endswith("h"), int(span.removesuffix("h"))
    return now + (timedelta(hours=number) if hours else timedelta(days=number))
