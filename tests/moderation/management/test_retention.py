"""What has outlived its time is deleted, in batches, and nothing else is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Site
from comments.models.ids import id_at
from moderation.management import retention
from moderation.models import Delivery, DeliveryState, Event, Webhook
from tests.factories import NOW

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
