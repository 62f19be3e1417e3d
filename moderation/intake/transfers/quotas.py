"""Bound what the transfers of one site take from all others: workers, disk and a day's work."""

from datetime import datetime, timedelta

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext

from comments.models import Site
from moderation.intake.transfers import files
from moderation.models import Transfer
from moderation.models.transfer import OPEN_STATES

# Of one site: transfers that wait or run, and that were started within a day.
OPEN, PER_DAY = 5, 50
DAY = timedelta(days=1)
# The files of one site, uploads and exports, in bytes.
STORED_BYTES = 4 * 1024**3


class QuotaUsed(Exception):
    """Raised when a site has started as much as it may; `retry_after` is in seconds."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def require(site: Site, *, now: datetime, size: int = 0) -> None:
    """Require that a site may start a transfer with a file of so many bytes.

    Raises QuotaUsed, and TooLarge for a file that no site may bring.
    """
    if size > files.MAX_BYTES:
        raise files.TooLarge
    own = Transfer.objects.filter(site=site)
    if own.filter(state__in=OPEN_STATES).count() >= OPEN:
        raise QuotaUsed(
            gettext(
                "%(number)s imports and exports of this site are under way. Wait for one, or "
                "cancel it."
            )
            % {"number": OPEN},
            retry_after=60,
        )
    _require_day(own.filter(created_at__gt=now - DAY).order_by("created_at"), now=now)
    stored = own.aggregate(total=Sum("file_bytes", default=0))["total"]
    if stored + size > STORED_BYTES:
        raise QuotaUsed(
            gettext(
                "The files of this site's imports and exports have %(stored)s bytes, of %(most)s "
                "that they may have. Exports are deleted after two days."
            )
            % {"stored": stored, "most": STORED_BYTES},
            retry_after=3600,
        )


def _require_day(started: QuerySet[Transfer], *, now: datetime) -> None:
    times = list(started.values_list("created_at", flat=True)[:PER_DAY])
    if len(times) >= PER_DAY:
        raise QuotaUsed(
            gettext("This site has started %(number)s imports and exports within a day.")
            % {"number": PER_DAY},
            retry_after=max(1, int((times[0] + DAY - now).total_seconds())),
        )
