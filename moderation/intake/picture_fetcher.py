"""Fetch the pictures that sites' sign-on named for their readers."""

from datetime import datetime
from time import monotonic
from urllib.parse import urljoin

from comments.accounts.picture_decoder import decode
from comments.models import Picture
from moderation.intake.page_reader import MOST_REDIRECTS, REDIRECTS
from moderation.notifications.webhooks import http_client
from moderation.notifications.webhooks.http_client import Unreachable

# Pictures in one run, the seconds that each may take with its redirects, and its bytes.
BATCH, SECONDS, MOST_BYTES = 20, 5.0, 2 * 1024 * 1024


def fetch_due(*, now: datetime) -> int:
    """Fetch a batch of the pictures that wait for it; return how many.

    What can't be fetched is asked for again when the site names it on another day; until then the
    picture of before stays, or the drawn one.
    """
    waiting = Picture.objects.filter(fetched_at=None).order_by("used_at").defer("content")
    pictures = list(waiting[:BATCH])
    for picture in pictures:
        # First, so that a picture on which a worker dies is not asked for again and again.
        Picture.objects.filter(pk=picture.pk).update(fetched_at=now)
        if content := _fetch(picture.url):
            Picture.objects.filter(pk=picture.pk).update(content=content)
    return len(pictures)


def _fetch(url: str) -> bytes:
    """Return the small picture at an address; b"" for none."""
    until = monotonic() + SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        try:
            response = http_client.send(
                "GET", url, timeout=until - monotonic(), most_bytes=MOST_BYTES
            )
        except Unreachable:
            return b""
        if response.status not in REDIRECTS:
            return decode(response.body) if response.status == 200 else b""
        url = urljoin(url, response.headers.get("location", ""))
    return b""
