"""Purge data whose retention period has ended."""

from datetime import datetime, timedelta

from django.conf import settings

from comments.accounts import cache
from comments.models import IdempotencyKey, UsedToken
from moderation.models import AkismetCheck, Comparison, ContentFingerprint, UsedLink
from moderation.notifications.mail import action_links, outbox

ONE_DAY = timedelta(days=1)


def purge(*, now: datetime) -> None:
    """Delete replayable responses, expired tokens, old checks, and the texts of sent email."""
    IdempotencyKey.objects.filter(created_at__lt=now - ONE_DAY).delete()
    cache.purge(now=now)
    UsedToken.objects.filter(expires_at__lt=now).delete()
    UsedLink.objects.filter(used_at__lt=now - 2 * action_links.LASTS).delete()
    checks_end = now - timedelta(days=settings.AKISMET_KEEP_DAYS)
    AkismetCheck.objects.filter(created_at__lt=checks_end).delete()
    ContentFingerprint.objects.filter(seen_at__lt=checks_end).delete()
    comparisons_end = now - timedelta(days=settings.COMPARISON_KEEP_DAYS)
    Comparison.objects.filter(created_at__lt=comparisons_end).delete()
    outbox.purge(before=now - timedelta(days=settings.MAIL_KEEP_DAYS))
