"""Pictures that a site's sign-on names for its readers: remember them, and forget unused ones.

A reader's browser asks this server alone for them, so that nobody else learns who reads where.
`moderation.intake.picture_fetcher` fetches them.
"""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from comments.models import Comment, Picture, Site

LONGEST_URL = 1000
MOST_PER_SITE = 50_000
# A picture that is named again after so long is fetched again: people change theirs.
FRESH = timedelta(days=1)
# A picture without comments is kept for as long as a reader token that names it could be.
KEPT = timedelta(days=2)


def remember(site: Site, url: str, *, now: datetime) -> UUID | None:
    """Return the id of a site's picture at an address, which will be fetched; None for no room."""
    if not url or len(url) > LONGEST_URL:
        return None
    digest = _digest(url)
    with transaction.atomic():
        picture = Picture.objects.filter(site=site, url_digest=digest).defer("content").first()
        if picture is None and site.pictures.count() >= MOST_PER_SITE:
            return None
        if picture is None:
            defaults = {"url": url, "used_at": now}
            picture, _ = Picture.objects.get_or_create(
                site=site, url_digest=digest, defaults=defaults
            )
        elif now - picture.used_at > FRESH:
            Picture.objects.filter(pk=picture.pk).update(used_at=now, fetched_at=None)
    return picture.pk


def known(picture: str) -> UUID | None:
    """Return the id that a reader token names, unless there is no such picture any more."""
    return (
        Picture.objects.filter(pk=picture).values_list("pk", flat=True).first() if picture else None
    )


def forget_unused(*, now: datetime) -> None:
    """Delete the pictures that no comment shows any more."""
    uses = Comment.objects.filter(picture=OuterRef("pk"))
    Picture.objects.filter(~Exists(uses), used_at__lt=now - KEPT).delete()


def _digest(url: str) -> str:
    # Keyed, since an address may hold a hash of an email address, which could be guessed.
    key = hmac.digest(settings.SECRET_KEY.encode(), b"leave-a-reply.pictures", "sha256")
    return hmac.digest(key, url.encode(), "sha256").hex()
