"""A site's server that has no answer about its webhooks asks again, and nothing comes twice."""

import pytest

from comments.models import IdempotencyKey, Site
from moderation.models import Delivery, Webhook
from tests.conftest import server as server_of
from tests.moderation.web.plugin_api.retries import KEY, twice
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db


def test_a_webhook_is_added_once_and_its_secret_is_told_again(
    site: Site,
    receiver: Receiver,
) -> None:
    server, wanted = server_of(site, "webhooks"), {"url": receiver.url, "events": ["*"]}
    answer = twice(lambda: server.post("webhooks", wanted, headers=KEY))
    assert answer.headers["Cache-Control"] == "no-store"
    assert Webhook.objects.count() == 1


def test_the_secret_of_a_webhook_is_not_remembered_in_the_clear(
    site: Site,
    receiver: Receiver,
) -> None:
    wanted = {"url": receiver.url, "events": ["*"]}
    answer = server_of(site, "webhooks").post("webhooks", wanted, headers=KEY)
    assert answer.json()["secret"] not in str(IdempotencyKey.objects.values())


def test_a_test_event_is_sent_once(site: Site, webhook: Webhook) -> None:
    server = server_of(site, "webhooks")
    twice(lambda: server.post(f"webhooks/{webhook.pk}/test", headers=KEY))
    assert Delivery.objects.count() == 1


def test_an_event_is_told_again_once(site: Site, webhook: Webhook) -> None:
    server = server_of(site, "webhooks")
    tried = server.post(f"webhooks/{webhook.pk}/test").json()
    path = f"webhooks/{webhook.pk}/deliveries/{tried['id']}/redeliver"
    twice(lambda: server.post(path, headers=KEY))
