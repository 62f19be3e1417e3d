"""Purge data whose retention period has ended, in batches."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from knox.models import AuthToken

from comments.accounts import cache, pictures
from comments.models import IdempotencyKey, Invitation, UsedToken
from comments.models.ids import min_id_at
from moderation.management import network_digests, refused_comments
from moderation.models import (
    AkismetCheck,
    Campaign,
    Comparison,
    ContentFingerprint,
    Delivery,
    DeliveryState,
    Event,
    UsedLink,
)
from moderation.notifications.mail import action_links, outbox

ONE_DAY = timedelta(days=1)
# Rows that one statement deletes, so that none is long under way and no lock is held for long.
BATCH = 1000


def purge(*, now: datetime) -> None:
    """Delete or clear everything whose time has ended."""
    delete(IdempotencyKey.objects.filter(created_at__lt=now - ONE_DAY))
    cache.purge(now=now)
    AuthToken.objects.filter(expiry__lt=now).delete()
    Invitation.objects.filter(expires_at__lt=now).delete()
    delete(UsedToken.objects.filter(expires_at__lt=now))
    pictures.forget_unused(now=now)
    UsedLink.objects.filter(used_at__lt=now - 2 * action_links.LASTS).delete()
    checks_end = now - timedelta(days=settings.AKISMET_KEEP_DAYS)
    delete(AkismetCheck.objects.filter(created_at__lt=checks_end))
    delete(ContentFingerprint.objects.filter(seen_at__lt=checks_end))
    campaigns_end = now - timedelta(days=settings.CAMPAIGN_KEEP_DAYS)
    delete(Campaign.objects.filter(last_seen_at__lt=campaigns_end))
    comparisons_end = now - timedelta(days=settings.COMPARISON_KEEP_DAYS)
    delete(Comparison.objects.filter(created_at__lt=comparisons_end))
    delete(_old_events(before=now - timedelta(days=settings.EVENT_KEEP_DAYS)))
    outbox.purge(before=now - timedelta(days=settings.MAIL_KEEP_DAYS))
    network_digests.clear(now=now)
    refused_comments.purge(now=now)


def delete(rows: "QuerySet[Any]") -> None:
    """Delete rows, and what depends on them, in batches."""
    while pks := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        rows.model._default_manager.filter(pk__in=pks).delete()


def _old_events(*, before: datetime) -> "QuerySet[Event]":
    """Return the events of webhooks from before a moment, but for those that wait once more."""
    waiting = Delivery.objects.filter(event=OuterRef("pk"), state=DeliveryState.WAITING)
    return Event.objects.filter(~Exists(waiting), pk__lt=min_id_at(before))
