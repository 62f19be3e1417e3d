"""`/api/v1/webhooks`: a site's server looks after its own webhooks."""

import pytest
from django.utils import timezone

from comments.models import Site
from moderation.models import Delivery, Webhook
from moderation.notifications.webhooks import delivery as deliveries
from tests.conftest import Api
from tests.conftest import server as server_of
from tests.factories import SiteFactory
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(site: Site) -> Api:
    return server_of(site, "webhooks")


def test_a_webhook_is_made_with_a_secret_that_is_shown_once(
    server: Api, receiver: Receiver
) -> None:
    answer = server.post("webhooks", {"url": receiver.url, "events": ["*"]})
    assert answer.status_code == 201
    secret = answer.json()["secret"]
    assert secret.startswith("whsec_")
    (listed,) = server.get("webhooks").json()
    assert secret not in str(listed)
    assert secret not in str(Webhook.objects.values())


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"url": "https://10.0.0.1/"}, "/url"),
        ({"url": "http://gazette.example/"}, "/url"),
        ({"url": "nonsense"}, "/url"),
        ({"url": "https://nowhere.invalid/"}, "/url"),
        ({"events": ["comment.eaten"]}, "/events"),
        ({"events": ["webhook.test"]}, "/events"),
        ({"events": []}, "/events"),
    ],
)
def test_what_can_not_be_is_named(
    server: Api, receiver: Receiver, changes: dict, pointer: str
) -> None:
    answer = server.post("webhooks", {"url": receiver.url, "events": ["*"], **changes})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert not Webhook.objects.exists()


def test_a_webhook_is_tried_and_the_log_tells(
    server: Api, webhook: Webhook, receiver: Receiver
) -> None:
    assert server.post(f"webhooks/{webhook.pk}/test").status_code == 202
    deliveries.deliver(now=timezone.now())
    (delivery,) = server.get(f"webhooks/{webhook.pk}/deliveries").json()["results"]
    assert (delivery["type"], delivery["state"]) == ("webhook.test", "delivered")
    assert delivery["tries"][0]["status"] == 200
    assert server.get(f"webhooks/{webhook.pk}/deliveries?state=dead").json()["results"] == []


def test_a_delivery_is_made_again(server: Api, webhook: Webhook) -> None:
    delivery = server.post(f"webhooks/{webhook.pk}/test").json()
    Delivery.objects.update(state="dead")
    again = server.post(f"webhooks/{webhook.pk}/deliveries/{delivery['id']}/redeliver")
    assert again.status_code == 202
    assert Delivery.objects.get().state == "waiting"


def test_a_webhook_is_changed_switched_off_and_on(server: Api, webhook: Webhook) -> None:
    path = f"webhooks/{webhook.pk}"
    assert server.patch(path, {"events": ["comment.held"]}).json()["events"] == ["comment.held"]
    assert server.patch(path, {"enabled": False}).json()["enabled"] is False
    assert server.patch(path, {"enabled": True}).json()["enabled"] is True
    assert server.patch(path, {"url": "https://127.0.0.1/"}).status_code == 400


def test_a_rotation_answers_a_new_secret(server: Api, webhook: Webhook) -> None:
    assert server.post(f"webhooks/{webhook.pk}/rotate").json()["secret"].startswith("whsec_")


def test_a_webhook_is_removed(server: Api, webhook: Webhook) -> None:
    assert server.delete(f"webhooks/{webhook.pk}").status_code == 204
    assert not Webhook.objects.exists()


def test_another_sites_webhooks_do_not_exist(webhook: Webhook) -> None:
    stranger = server_of(SiteFactory(), "webhooks")
    path = f"webhooks/{webhook.pk}"
    assert stranger.get("webhooks").json() == []
    answers = [
        stranger.get(path),
        stranger.patch(path, {"enabled": False}),
        stranger.delete(path),
        stranger.post(f"{path}/rotate"),
        stranger.post(f"{path}/test"),
        stranger.get(f"{path}/deliveries"),
    ]
    assert {answer.status_code for answer in answers} == {404}
