"""Callbacks to Akismet plugins: what they contain, and why one counts as failed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet

from comments.accounts import api_keys
from comments.models import Site, Status
from comments.privacy import email_addresses
from moderation.intake.akismet import callbacks, tasks
from moderation.models import AkismetCheck
from moderation.models.deliverable import DeliveryState
from moderation.notifications.webhooks import http_client
from moderation.notifications.webhooks.http_client import Response, Unreachable
from tests.factories import NOW, CommentFactory

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
HOOK = "https://gazette.example/wp-json/akismet/v1/webhook"


def waiting(site: Site, status: Status = Status.SPAM, **changes: Any) -> AkismetCheck:
    key = api_keys.issue(site, scopes=["akismet"], name="Blog", now=NOW).key
    fields = {
        "comment": CommentFactory(thread__site=site, status=status),
        "callback": HOOK,
        "callback_key": email_addresses.encrypt("the plugin's key"),
        "post_id": "7",
        "state": DeliveryState.WAITING,
        "next_attempt_at": NOW,
    }
    return AkismetCheck.objects.create(
        key=key, is_spam=False, created_at=NOW, **{**fields, **changes}
    )


class Plugin:
    """Answers callbacks in place of a plugin, and keeps them."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.status, self.code, self.body = "success", 200, None
        self.error: Exception | None = None

    def send(self, method: str, url: str, *, body: bytes, headers: dict[str, str]) -> Response:
        message = json.loads(body)
        self.calls.append((method, url, headers, message))
        if self.error:
            raise self.error
        named = {row["guid"]: {"status": self.status} for row in message["comments"]}
        answer = json.dumps({"comments": named}) if self.body is None else self.body
        return Response(self.code, {}, answer.encode(), 0.1)


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> Plugin:
    plugin = Plugin()
    monkeypatch.setattr(http_client, "send", plugin.send)
    return plugin


@pytest.mark.parametrize(
    ("status", "result"),
    [(Status.APPROVED, "false"), (Status.SPAM, "true"), (Status.REJECTED, "true")],
)
def test_a_callback_is_the_request_of_akismets_webhook(
    site: Site, plugin: Plugin, status: Status, result: str
) -> None:
    check = waiting(site, status)
    assert callbacks.call_back(now=LATER) is True
    ((method, url, headers, message),) = plugin.calls
    assert (method, url) == ("POST", HOOK)
    assert headers == {"Content-Type": "application/json", "X-Akismet-Webhook": "1"}
    assert message == {
        "key": "the plugin's key",
        "endpoint": "comment-check",
        "comments": [{"guid": check.pk.hex, "result": result, "comment_post_ID": 7}],
    }
    check.refresh_from_db()
    assert (check.state, check.is_spam) == (DeliveryState.DELIVERED, result == "true")
    assert (check.last_error, check.callback_key) == ("", "")


def test_a_post_id_that_is_no_number_is_sent_as_it_is(site: Site, plugin: Plugin) -> None:
    waiting(site, post_id="page-7")
    callbacks.call_back(now=LATER)
    assert plugin.calls[0][3]["comments"][0]["comment_post_ID"] == "page-7"


def test_without_a_callback_that_is_due_nothing_is_sent(site: Site, plugin: Plugin) -> None:
    waiting(site, next_attempt_at=LATER + timedelta(minutes=1))
    assert callbacks.call_back(now=LATER) is False
    assert plugin.calls == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"error": Unreachable("It is away.")}, "It is away."),
        ({"status": "error"}, "The plugin refused the verdict."),
        ({"code": 500}, "The receiver answered 500 Internal Server Error."),
        ({"body": "<html>"}, "The response does not name the comment."),
        ({"body": "[]"}, "The response does not name the comment."),
        ({"body": '{"comments": {}}'}, "The response does not name the comment."),
        ({"body": "<html>", "code": 404}, "The receiver answered 404 Not Found."),
        ({"code": 202}, "The plugin refused the verdict."),
    ],
)
def test_a_failed_callback_stores_its_error_and_is_retried(
    site: Site, plugin: Plugin, answer: dict[str, Any], error: str
) -> None:
    vars(plugin).update(answer)
    check = waiting(site)
    assert callbacks.call_back(now=LATER) is True
    check.refresh_from_db()
    assert (check.state, check.last_error) == (DeliveryState.WAITING, error)
    assert check.next_attempt_at > LATER


def test_a_key_that_cannot_be_decrypted_is_an_error_of_the_callback(
    site: Site, plugin: Plugin
) -> None:
    foreign = Fernet(Fernet.generate_key()).encrypt(b"the plugin's key").decode()
    check = waiting(site, callback_key=foreign)
    callbacks.call_back(now=LATER)
    check.refresh_from_db()
    assert check.last_error == "The plugin's key can't be decrypted any more."
    assert plugin.calls == []


def test_the_task_sends_every_callback_that_is_due(site: Site, plugin: Plugin) -> None:
    for _ in range(2):
        waiting(site)
    tasks.call_back()
    assert len(plugin.calls) == 2
