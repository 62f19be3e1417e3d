"""What has outlived its time is deleted, in batches, and nothing else is."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from comments.models import IdempotencyKey, Site
from comments.models.ids import id_at
from moderation.management import retention
from moderation.models import (
    AkismetCheck,
    Campaign,
    Comparison,
    ContentFingerprint,
    Delivery,
    DeliveryState,
    Event,
    Mail,
    UsedLink,
    Webhook,
)
from tests.factories import NOW, SiteKeyFactory, UserFactory

pytestmark = pytest.mark.django_db


def delivered(site: Site, *, days_ago: int, state: str = DeliveryState.DELIVERED) -> Event:
    at = NOW - timedelta(days=days_ago)
    webhook, _ = Webhook.objects.get_or_create(
        site=site, defaults={"url": "https://u.example", "secret": "s", "created_at": NOW}
    )
    event = Event.objects.create(id=id_at(at), site=site, type="comment.held", created_at=at)
    Delivery.objects.create(webhook=webhook, event=event, state=state, next_attempt_at=at)
    return event


def test_events_are_kept_for_as_long_as_the_operator_says(site: Site, settings) -> None:
    settings.EVENT_KEEP_DAYS = 10
    delivered(site, days_ago=11)
    dead = delivered(site, days_ago=11, state=DeliveryState.DEAD)
    kept = delivered(site, days_ago=9)
    retention.purge(now=NOW)
    assert list(Event.objects.all()) == [kept]
    assert list(Delivery.objects.values_list("event", flat=True)) == [kept.pk]
    assert not Event.objects.filter(pk=dead.pk).exists()


def test_an_event_that_waits_to_be_sent_once_more_is_kept(site: Site) -> None:
    waiting = delivered(site, days_ago=99, state=DeliveryState.WAITING)
    retention.purge(now=NOW)
    assert list(Event.objects.all()) == [waiting]


def test_many_rows_are_deleted_in_batches(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        delivered(site, days_ago=99)
    with CaptureQueriesContext(connection) as captured:
        retention.purge(now=NOW)
    deleting = [q["sql"] for q in captured if q["sql"].startswith('DELETE FROM "moderation_event"')]
    assert len(deleting) == 3
    assert not Event.objects.exists()


def test_one_event_that_waits_keeps_no_other(site: Site) -> None:
    waiting = delivered(site, days_ago=99, state=DeliveryState.WAITING)
    delivered(site, days_ago=99)
    retention.purge(now=NOW)
    assert list(Event.objects.all()) == [waiting]


def stored_answer(site: Site, at: datetime) -> Model:
    return at_time(IdempotencyKey(scope=str(at), key="k", status_code=201), created_at=at)


def used_link(site: Site, at: datetime) -> Model:
    return at_time(UsedLink(nonce=str(at), user=UserFactory()), used_at=at)


def check_of_akismet(site: Site, at: datetime) -> Model:
    key = SiteKeyFactory(site=site)
    return at_time(AkismetCheck(key=key, fingerprint="f", is_spam=True), created_at=at)


def fingerprint(site: Site, at: datetime) -> Model:
    return at_time(ContentFingerprint(site=site, text_digest=str(at)), seen_at=at)


def campaign(site: Site, at: datetime) -> Model:
    return at_time(Campaign(site=site, sketch=b""), last_seen_at=at)


def comparison(site: Site, at: datetime) -> Model:
    key = SiteKeyFactory(site=site)
    return at_time(Comparison(key=key, category="SPAM", ours=True), created_at=at)


def at_time(row: Model, **times: datetime) -> Model:
    """Store a row as of a time, also where the column would have the present one."""
    for name, at in times.items():
        setattr(row, name, at)
    row.save()
    type(row).objects.filter(pk=row.pk).update(**times)
    return row


@pytest.mark.parametrize(
    ("make", "lasts"),
    [
        (stored_answer, timedelta(days=1)),
        (used_link, timedelta(days=6)),
        (check_of_akismet, timedelta(days=60)),
        (fingerprint, timedelta(days=60)),
        (campaign, timedelta(days=30)),
        (comparison, timedelta(days=90)),
    ],
)
def test_each_is_kept_for_its_time_and_not_for_longer(
    site: Site, make: Callable[[Site, datetime], Model], lasts: timedelta
) -> None:
    make(site, NOW - lasts - timedelta(seconds=1))
    kept = make(site, NOW - lasts)
    retention.purge(now=NOW)
    assert list(type(kept)._default_manager.all()) == [kept]


def test_texts_of_mails_that_were_sent_are_cleared_after_their_time(site: Site) -> None:
    times = {"recipient_digest": "d", "next_attempt_at": NOW, "state": DeliveryState.DELIVERED}
    for days in (7, 8):
        at = NOW - timedelta(days=days)
        Mail.objects.create(site=site, kind="decision", text=f"{days}", created_at=at, **times)
    retention.purge(now=NOW)
    assert sorted(mail.text for mail in Mail.objects.all()) == ["", "7"]
