"""What the Gazette's own server asks, with a key for everything."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from comments.models import Comment, Site
from moderation.intake.transfers import schedule, worker
from moderation.models import ExternalModerator, Inquiry
from moderation.notifications.webhooks import delivery
from moderation.screening import screen
from tests.conftest import Api
from tests.examples.readers import PAGE
from tests.examples.recorder import Recorder
from tests.factories import ThreadFactory, WaitingCommentFactory
from tests.receiver import Receiver

POLICY = {"thresholds": {"INSULT": {"hold_at": 0.5, "reject_at": 0.95}}, "max_links": 1}
SPAM = "Buy spammy pills: https://pills.example"


def walk(recorder: Recorder, server: Api, site: Site, receiver: Receiver) -> None:
    """Call every operation that needs a key."""
    api = recorder.of(server)
    _policy(api)
    comment = _comments(api, site)
    _threads(api, site)
    _webhooks(api, receiver)
    _external(api, site, receiver)
    _transfers(api)
    api.post("people/export", {"email": "ann@reader.example"})
    api.delete(f"comments/{comment.pk}")
    api.post("people/erase", {"email": "ann@reader.example", "remove_text": True})


def _policy(api: Any) -> None:
    api.put("policy", POLICY)
    api.get("policy")
    section = {"kind": "prefix", "value": "/blog/", "preset": "strict"}
    api.put("policy/sections", {"sections": [section]})
    api.get("policy/sections")
    items = [{"text": SPAM, "author_ip": "198.51.100.7"}, {"text": "Thanks"}]
    api.post("checks", {"items": items})
    api.post("feedback", {"items": [{"text": SPAM, "labels": {"SPAM": True, "INSULT": False}}]})


def _comments(api: Any, site: Site) -> Comment:
    posted = api.post(
        "comments",
        {
            "thread": {"url": PAGE, "title": "Elections"},
            "author_name": "Ann",
            "author_email": "ann@reader.example",
            "author_ip": "198.51.100.7",
            "user_agent": "Mozilla/5.0",
            "body": "Thank you for *this*.",
        },
    ).json()
    screen.screen(now=timezone.now())
    api.get(f"comments/{posted['id']}")
    api.get("comments", {"status": "approved"})
    api.post("policy/simulate", {"policy": {**POLICY, "hold_first_comment": True}, "limit": 1000})
    api.patch(f"comments/{posted['id']}", {"verdict": "REJECT"})
    return Comment.objects.get(pk=posted["id"], site=site)


def _threads(api: Any, site: Site) -> None:
    opened = {"url": "https://gazette.example/budget", "title": "The budget"}
    other = api.post("threads", opened).json()
    api.get("threads", {"thread": PAGE})
    api.get("counts?thread=" + PAGE)
    api.patch(f"threads/{other['id']}", {"closed": True})
    double = ThreadFactory(site=site, url=f"{PAGE}/amp", title="Elections")
    api.post(f"threads/{double.pk}/merge", {"into": other["id"]})


def _webhooks(api: Any, receiver: Receiver) -> None:
    added = api.post("webhooks", {"url": receiver.url, "events": ["*"]}).json()
    one = f"webhooks/{added['id']}"
    api.get("webhooks")
    api.get(one)
    api.post(f"{one}/test")
    delivery.deliver(now=timezone.now())
    (sent,) = api.get(f"{one}/deliveries").json()["results"]
    api.post(f"{one}/deliveries/{sent['id']}/redeliver")
    api.post(f"{one}/rotate")
    api.patch(one, {"enabled": False})
    api.delete(one)


def _external(api: Any, site: Site, receiver: Receiver) -> None:
    api.put("external-moderator", {"url": receiver.url, "seconds": 300})
    api.get("external-moderator")
    api.post("external-moderator/rotate")
    comment, now = WaitingCommentFactory(thread__site=site), timezone.now()
    Inquiry.objects.create(
        screening=comment.screening,
        moderator=ExternalModerator.objects.get(site=site),
        revision=1,
        asked_at=now,
        deadline_at=now + timedelta(seconds=300),
        next_attempt_at=now,
    )
    answer = {"revision": 1, "verdict": "REJECT", "explanation": "It names a private person."}
    api.post(f"comments/{comment.pk}/findings", answer)
    api.delete("external-moderator")
    comment.delete()


def _transfers(api: Any) -> None:
    line = (
        b'{"format":"leave-a-reply","version":1}\n'
        b'{"type":"comment","id":"019a0000-0000-7000-8000-000000000001","thread":"k","parent":null,'
        b'"author":{"name":"Ann","url":""},"body":"Hello","status":"approved",'
        b'"created_at":"2020-01-01T00:00:00+00:00","edited_at":null}\n'
    )
    started = api.post("imports", line, content_type="application/octet-stream").json()
    binary = {"content_type": "application/octet-stream"}
    checked = api.post("imports?dry_run=true", line.replace(b"Hello", b"Welcome"), **binary).json()
    exported = api.post("exports", {"format": "native", "with_addresses": False}).json()
    for transfer_id in schedule.due(now=timezone.now()):
        worker.run(transfer_id, now=timezone.now())
    api.post(f"imports/{checked['id']}/start")
    other = line.replace(b"Hello", b"Hello again")
    late = api.post("imports", other, content_type="application/octet-stream").json()
    api.delete(f"imports/{late['id']}")
    late = api.post("exports", {"format": "wordpress", "with_addresses": False}).json()
    api.delete(f"exports/{late['id']}")
    api.get(f"imports/{started['id']}")
    api.get(f"exports/{exported['id']}")
