"""Queue mode of the Akismet protocol: a moderator decides, and the plugin is called back."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from comments.accounts import api_keys
from comments.models import Comment, KeyMode, Site, Status, Thread, User
from moderation.intake.akismet import callbacks
from moderation.models import AkismetCheck
from moderation.notifications.webhooks.http_client import Response
from moderation.review.queue import actions
from moderation.rules.verdicts import Verdict
from moderation.screening import screen
from tests.factories import NOW
from tests.moderation.web.dialects.akismet.plugin import BLOG, call, comment, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def queueing(site: Site) -> str:
    return api_keys.issue(
        site,
        scopes=["akismet"],
        name="WordPress",
        now=timezone.now(),
        mode=KeyMode.QUEUE,
    ).secret


def queued(
    key: str, callback: str = f"{BLOG}/wp-json/akismet/v1/webhook", text: str = "You idiot"
) -> Any:
    fields = comment(key, comment_content=text, callback=callback, comment_post_ID="7")
    return call("comment-check", fields)


def decide(moderator: User, verdict: Verdict) -> None:
    screen.screen(now=NOW)
    held = Comment.objects.get()
    ruling = actions.DecisionRequest(comment_id=held.pk, revision=1, verdict=verdict)
    actions.decide_all([ruling], moderator=moderator, now=NOW)


def test_what_is_held_waits_for_a_person(queueing: str) -> None:
    answer = queued(queueing)
    assert told(answer) == "false"
    assert int(answer.headers["X-akismet-recheck-after"]) > 0
    screen.screen(now=NOW)
    assert Comment.objects.get().status == Status.HELD


def test_its_html_looks_in_the_queue_as_it_looks_there(queueing: str) -> None:
    queued(queueing, text="You <b>idiot</b> &amp; fool\n*really*")
    html = Comment.objects.get().body_html
    assert "<strong>idiot</strong> &amp; fool" in html
    assert "*really*" in html
    assert "&lt;b&gt;" not in html


def test_what_is_clear_waits_for_nobody(queueing: str) -> None:
    for text, expected in (("Thanks", "false"), ("viagra", "true")):
        answer = call("comment-check", comment(queueing, comment_content=text))
        assert told(answer) == expected
        assert "X-akismet-recheck-after" not in answer.headers
    assert not Comment.objects.exists()


class Sent:
    """Replaces the HTTP client: keeps requests, and answers them."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.succeeds = True

    def __call__(self, method: str, url: str, *, body: bytes, headers: dict) -> Any:
        message = json.loads(body)
        self.seen.append({"url": url, "headers": headers, "body": message})
        status = "success" if self.succeeds else "error"
        comments = {c["guid"]: {"status": status} for c in message["comments"]}
        return Response(200, {}, json.dumps({"comments": comments}).encode(), 0.1)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    sent = Sent()
    monkeypatch.setattr("moderation.intake.akismet.callbacks.http_client.send", sent)
    return sent


@pytest.mark.parametrize(
    ("verdict", "result"),
    [(Verdict.APPROVE, "false"), (Verdict.SPAM, "true"), (Verdict.REJECT, "true")],
)
def test_a_moderators_verdict_is_sent_to_the_plugin(
    queueing: str, moderator: User, sent: Sent, verdict: Verdict, result: str
) -> None:
    guid = queued(queueing).headers["X-akismet-guid"]
    decide(moderator, verdict)
    later = timezone.now() + timedelta(minutes=1)
    assert callbacks.call_back(now=later)
    (message,) = sent.seen
    assert message["url"] == f"{BLOG}/wp-json/akismet/v1/webhook"
    assert message["headers"]["X-Akismet-Webhook"] == "1"
    assert message["body"] == {
        "key": queueing,
        "endpoint": "comment-check",
        "comments": [{"guid": guid, "result": result, "comment_post_ID": 7}],
    }
    assert not callbacks.call_back(now=later)
    assert AkismetCheck.objects.get().callback_key == ""


def test_nothing_is_sent_while_the_decision_can_be_undone(
    queueing: str, moderator: User, sent: Sent
) -> None:
    queued(queueing)
    decide(moderator, Verdict.SPAM)
    Comment.objects.get().decisions.update(decided_at=timezone.now())
    assert not callbacks.call_back(now=timezone.now() + timedelta(seconds=10))


def test_nothing_is_sent_before_the_comment_is_decided_on(queueing: str, sent: Sent) -> None:
    queued(queueing)
    screen.screen(now=NOW)
    assert not callbacks.call_back(now=timezone.now() + timedelta(minutes=1))


def test_a_callback_that_fails_is_retried(queueing: str, moderator: User, sent: Sent) -> None:
    sent.succeeds = False
    queued(queueing)
    decide(moderator, Verdict.SPAM)
    now = timezone.now() + timedelta(minutes=1)
    assert callbacks.call_back(now=now)
    assert not callbacks.call_back(now=now + timedelta(seconds=30))
    sent.succeeds = True
    assert callbacks.call_back(now=now + timedelta(minutes=2))
    assert AkismetCheck.objects.get().state == "delivered"


@pytest.mark.parametrize(
    "callback", ["https://elsewhere.example/hook", "http://[", "", "https://10.0.0.1/"]
)
def test_a_plugin_without_a_usable_callback_is_answered_at_once(
    queueing: str, callback: str
) -> None:
    answer = queued(queueing, callback)
    assert told(answer) == "false"
    assert "X-akismet-recheck-after" not in answer.headers
    assert not Comment.objects.exists()


def test_asking_again_queues_nothing_twice(queueing: str, moderator: User, sent: Sent) -> None:
    queued(queueing)
    again = queued(queueing)
    assert "X-akismet-recheck-after" in again.headers
    decide(moderator, Verdict.SPAM)
    later = timezone.now() + timedelta(minutes=1)
    assert callbacks.call_back(now=later)
    assert not callbacks.call_back(now=later)
    (message,) = sent.seen
    assert message["body"]["comments"][0]["guid"] == again.headers["X-akismet-guid"]


@pytest.mark.parametrize(
    ("verdict", "answer"), [(Verdict.APPROVE, "false"), (Verdict.REJECT, "true")]
)
def test_what_a_person_has_said_is_the_answer_from_then_on(
    queueing: str, moderator: User, verdict: Verdict, answer: str
) -> None:
    queued(queueing)
    decide(moderator, verdict)
    again = queued(queueing)
    assert told(again) == answer
    assert "X-akismet-recheck-after" not in again.headers


def test_a_page_that_is_closed_here_takes_nothing_into_the_queue(queueing: str, site: Site) -> None:
    queued(queueing)
    Thread.objects.update(closed_at=NOW)
    fields = comment(queueing, comment_content="An idiot wrote this", callback=f"{BLOG}/hook")
    answer = call("comment-check", fields)
    assert told(answer) == "false"
    assert "X-akismet-recheck-after" not in answer.headers


def test_without_a_classifier_a_person_is_asked(queueing: str, no_classifier: None) -> None:
    assert "X-akismet-recheck-after" in queued(queueing).headers


def test_what_the_sites_own_moderator_says_is_a_decision_here(queueing: str) -> None:
    queued(queueing)
    screen.screen(now=NOW)
    call("submit-spam", comment(queueing, comment_content="You idiot"))
    assert Comment.objects.get().status == Status.SPAM


def test_our_moderators_word_stays(queueing: str, moderator: User) -> None:
    queued(queueing)
    decide(moderator, Verdict.APPROVE)
    call("submit-spam", comment(queueing, comment_content="You idiot"))
    assert Comment.objects.get().status == Status.APPROVED
