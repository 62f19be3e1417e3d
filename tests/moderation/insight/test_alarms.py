"""A long or old queue is notified of once, and can be worked from the email message."""

import json
import re
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, Role, Site, Status, User
from comments.privacy import email_addresses
from moderation.decisions.revise import revise
from moderation.insight import alarms
from moderation.models import Alarm, AuditEntry, Mail, MailKind, Reviewable
from moderation.notifications.webhooks import http_client
from moderation.notifications.webhooks.http_client import Response, Unreachable
from tests.conftest import Api, signed_in
from tests.factories import MembershipFactory
from tests.moderation.web.desk.desk import member, read, status, wait_in
from tests.moderation.web.desk.desk import signed_in as at_the_desk
from tests.moderation.web.desk.sign_in.people import protect

pytestmark = pytest.mark.django_db
LINK = re.compile(r"(Approve|Reject|Spam|APPROVE|REJECT|SPAM): https?://[^/]+(/desk/\S+)", re.I)


@pytest.fixture
def alarm(site: Site, moderator: User) -> Alarm:
    return Alarm.objects.create(site=site, queue_size=3)


def watch(later: timedelta = timedelta()) -> list[Mail]:
    """Check the queues, and return the messages that were enqueued by that."""
    before = set(Mail.objects.values_list("pk", flat=True))
    alarms.check_queues(now=timezone.now() + later)
    return list(Mail.objects.exclude(pk__in=before))


def fill(site: Site, n: int = 3) -> list[Comment]:
    held = [wait_in(site) for _ in range(n)]
    Reviewable.objects.update(opened_at=timezone.now())
    return held


def links(mail: Mail) -> dict[str, str]:
    """Return the links of the first comment in a mail, by verdict."""
    return {name.upper(): where for name, where in reversed(LINK.findall(mail.text))}


# When.


def test_a_queue_within_its_thresholds_sends_no_alarm(alarm: Alarm) -> None:
    fill(alarm.site, 2)
    assert watch() == []


def test_an_exceeded_threshold_sends_one_alarm(alarm: Alarm, moderator: User) -> None:
    fill(alarm.site)
    (mail,) = watch()
    assert mail.kind == MailKind.ALARM
    assert email_addresses.decrypt(mail.recipient) == moderator.email
    assert mail.subject == f"{alarm.site.name}: 3 comments wait."
    assert "3 comments wait." in mail.text
    fill(alarm.site, 1)
    assert watch() == []


def test_another_alarm_is_sent_only_after_the_queue_fell_below_its_threshold(alarm: Alarm) -> None:
    fill(alarm.site)
    watch()
    Reviewable.objects.update(closed_at=timezone.now())
    assert watch() == []
    fill(alarm.site)
    Reviewable.objects.update(closed_at=None)
    assert len(watch()) == 1


def test_a_comment_older_than_the_threshold_sends_an_alarm(alarm: Alarm) -> None:
    Alarm.objects.update(queue_size=None, queue_hours=24)
    fill(alarm.site, 1)
    assert watch(timedelta(hours=23)) == []
    (mail,) = watch(timedelta(hours=25))
    assert "waited for more than 24 hours" in mail.text


def test_the_digest_of_the_queue_is_sent_once_a_day(alarm: Alarm) -> None:
    Alarm.objects.update(queue_size=None, digest_hour=7)
    fill(alarm.site, 1)
    morning = timezone.now().replace(hour=7, minute=30)
    assert len(at(morning - timedelta(hours=1))) == 0
    assert len(at(morning)) == 1
    assert len(at(morning + timedelta(hours=3))) == 0
    assert len(at(morning + timedelta(days=1))) == 1
    Reviewable.objects.update(closed_at=timezone.now())
    assert len(at(morning + timedelta(days=2))) == 0


def at(moment: datetime) -> list[Mail]:
    return watch(moment - timezone.now())


def test_viewers_other_sites_members_and_inactive_accounts_get_no_alarm(alarm: Alarm) -> None:
    MembershipFactory(site=alarm.site, role=Role.VIEWER)
    MembershipFactory(site=alarm.site, user__is_active=False)
    MembershipFactory()
    fill(alarm.site)
    assert len(watch()) == 1


def test_escalated_comments_are_in_the_mail_to_owners_alone(alarm: Alarm) -> None:
    owner = MembershipFactory(site=alarm.site, role=Role.OWNER).user
    fill(alarm.site)
    Reviewable.objects.update(escalated_at=timezone.now())
    shown = {email_addresses.decrypt(mail.recipient): bool(links(mail)) for mail in watch()}
    assert sorted(shown.values()) == [False, True]
    assert shown[owner.email]


# The webhook.


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Replaces the HTTP client."""
    send = Mock(return_value=Response(200, {}, b"ok", 0.1))
    monkeypatch.setattr(http_client, "send", send)
    return send


def told(receiver: Mock) -> Any:
    return json.loads(receiver.call_args.kwargs["body"])


def test_the_payload_for_slack_holds_no_comment(alarm: Alarm, receiver: Mock) -> None:
    Alarm.objects.update(url="https://hooks.example/x", by_mail=False)
    (first, *_) = fill(alarm.site)
    assert watch() == []
    assert alarms.deliver(now=timezone.now())
    assert not alarms.deliver(now=timezone.now())
    text = told(receiver)["text"]
    assert "3 comments wait." in text
    assert f"?site={alarm.site.slug}|Open the queue>" in text
    assert first.body not in text


def test_the_payload_in_json_has_fields(alarm: Alarm, receiver: Mock) -> None:
    Alarm.objects.update(url="https://hooks.example/x", shape="json")
    fill(alarm.site)
    watch()
    alarms.deliver(now=timezone.now())
    assert (told(receiver)["type"], told(receiver)["waiting"]) == ("queue.alarm", 3)


def test_an_unreachable_webhook_is_retried_and_given_up(alarm: Alarm, receiver: Mock) -> None:
    receiver.side_effect = Unreachable("It is away.")
    Alarm.objects.update(url="https://hooks.example/x")
    fill(alarm.site)
    watch()
    now = timezone.now()
    for _ in range(len(Alarm.retry_policy.delays) + 1):
        assert alarms.deliver(now=now)
        assert not alarms.deliver(now=now)
        now += timedelta(hours=7)
    assert not alarms.deliver(now=now)
    alarm.refresh_from_db()
    assert (alarm.payload, alarm.last_error) == (None, "It is away.")


# Deciding from the mail.


@pytest.fixture
def mail(alarm: Alarm) -> Mail:
    fill(alarm.site)
    (mail,) = watch()
    return mail


def first(mail: Mail) -> Comment:
    """Return the comment that the mail shows first."""
    bodies = {comment.body: comment for comment in Comment.objects.all()}
    return next(c for body, c in sorted(bodies.items(), key=lambda i: mail.text.find(i[0])))


def test_a_get_request_to_the_link_decides_nothing(mail: Mail) -> None:
    page = read(Client(), links(mail)["APPROVE"])
    assert "Approve this comment?" in page
    assert first(mail).body[:30] in page
    assert not Comment.objects.exclude(status=Status.HELD).exists()


@pytest.mark.parametrize(
    ("verdict", "ends"),
    [("APPROVE", Status.APPROVED), ("REJECT", Status.REJECTED), ("SPAM", Status.SPAM)],
)
def test_a_post_request_to_the_link_decides(
    mail: Mail, moderator: User, verdict: str, ends: Status
) -> None:
    comment = first(mail)
    answer = Client(enforce_csrf_checks=True).post(links(mail)[verdict], {"reasoning": "So."})
    assert answer.status_code == 200
    assert status(comment) == ends
    decision = comment.decisions.latest("id")
    assert (decision.decided_by, decision.reasoning) == (moderator, "So.")


def test_the_links_of_a_mail_decide_about_a_comment_once(mail: Mail) -> None:
    comment = first(mail)
    Client().post(links(mail)["APPROVE"])
    for verdict in ("APPROVE", "REJECT"):
        answer = Client().post(links(mail)[verdict])
        assert answer.status_code == 409
        assert "decided from this mail already" in answer.content.decode()
    assert status(comment) == Status.APPROVED


def test_a_link_does_not_decide_about_an_edited_comment(mail: Mail) -> None:
    comment = first(mail)
    revise(comment, body="Something else.", now=timezone.now())
    assert "not as the mail showed it" in read(Client(), links(mail)["APPROVE"])
    assert Client().post(links(mail)["APPROVE"]).status_code == 409
    assert status(comment) == Status.PENDING


def test_a_link_does_not_override_a_later_decision_of_a_colleague(mail: Mail, site: Site) -> None:
    comment = first(mail)
    ruling = {"verdict": "REJECT", "revision": 1}
    colleague = signed_in(MembershipFactory(site=site).user)
    colleague.post(f"comments/{comment.pk}/decision", ruling)
    assert Client().post(links(mail)["APPROVE"]).status_code == 409
    assert status(comment) == Status.REJECTED


def test_the_link_of_a_former_moderator_decides_nothing(mail: Mail, moderator: User) -> None:
    comment = first(mail)
    moderator.memberships.update(role=Role.VIEWER)
    assert Client().get(links(mail)["APPROVE"]).status_code == 410
    assert Client().post(links(mail)["APPROVE"]).status_code == 409
    moderator.memberships.update(role=Role.MODERATOR)
    User.objects.update(is_active=False)
    assert Client().post(links(mail)["APPROVE"]).status_code == 409
    assert status(comment) == Status.HELD


def test_an_expired_or_altered_link_is_refused(mail: Mail, monkeypatch: pytest.MonkeyPatch) -> None:
    where = links(mail)["APPROVE"]
    assert Client().post(f"{where[:-1]}x").status_code == 409
    monkeypatch.setattr("moderation.notifications.mail.action_links.LASTS", timedelta(seconds=-1))
    assert "expired" in Client().post(where).content.decode()


def test_links_are_refused_where_a_second_factor_is_required(
    alarm: Alarm, mail: Mail, settings: LazySettings
) -> None:
    comment, where = first(mail), links(mail)["APPROVE"]
    settings.REQUIRE_TWO_FACTOR = True
    assert Client().post(where).status_code == 409
    assert status(comment) == Status.HELD
    Alarm.objects.update(long_since=None)
    assert links(watch()[0]) == {}


def test_a_mail_contains_no_email_address_of_a_reader(mail: Mail) -> None:
    for comment in Comment.objects.all():
        assert email_addresses.decrypt(comment.author.email_encrypted) not in mail.text + mail.html


# Setting it.

ADD = reverse("admin:moderation_alarm_add")


def typed(site: Site, **changes: Any) -> dict[str, Any]:
    off = {"queue_size": "", "queue_hours": "", "digest_hour": "", "url": "", "shape": "slack"}
    return {"site": site.pk, **off, "queue_size": "50", "by_mail": "on", **changes}


def test_an_owner_sets_an_alarm_on_the_desk(site: Site) -> None:
    member(Role.OWNER, site).post(ADD, typed(site))
    assert Alarm.objects.get().queue_size == 50
    assert AuditEntry.objects.get().act == "ALARM_SET"


def test_a_webhook_at_a_private_address_is_refused(site: Site) -> None:
    answer = member(Role.OWNER, site).post(ADD, typed(site, url="https://127.0.0.1/hook"))
    assert "private address" in answer.content.decode()
    assert not Alarm.objects.exists()


def test_moderators_and_owners_of_other_sites_cannot_set_an_alarm(
    site: Site, moderator: User
) -> None:
    assert at_the_desk(moderator).post(ADD, typed(site)).status_code == 403
    member(Role.OWNER).post(ADD, typed(site))
    assert not Alarm.objects.exists()


def test_an_owner_sets_an_alarm_through_the_api(site: Site, review: Api) -> None:
    owner = signed_in(MembershipFactory(site=site, role=Role.OWNER).user)
    where = f"alarm?site={site.slug}"
    assert owner.get(where).json()["queue_size"] is None
    assert owner.put(where, {"queue_hours": 12}).json()["queue_hours"] == 12
    assert owner.put(where, {"queue_size": 5}).json()["queue_hours"] is None
    assert owner.put(where, {"digest_hour": 24}).status_code == 400
    assert review.get(where).status_code == 404


def test_the_mail_to_a_moderator_with_a_second_factor_contains_no_links(
    alarm: Alarm, moderator: User
) -> None:
    protect(moderator)
    fill(alarm.site)
    assert links(watch()[0]) == {}


# Messengers.


def test_a_messenger_is_told_of_one_waiting_comment(alarm: Alarm, receiver: Mock) -> None:
    address = "ntfy://the-queue-of-the-ferry"
    Alarm.objects.update(queue_size=1, url=address, shape="apprise", by_mail=False)
    (first, *_) = fill(alarm.site, 1)
    watch()
    alarms.deliver(now=timezone.now())
    body = receiver.call_args.kwargs["body"].decode()
    assert "1 comment waits." in body
    assert f"?site={alarm.site.slug}" in body
    assert first.body not in body


@pytest.mark.parametrize(
    ("shape", "url", "taken"),
    [
        ("apprise", "ntfy://the-queue", True),
        ("apprise", "mailto://a:b@mail.example", False),
        ("slack", "ntfy://the-queue", False),
    ],
)
def test_an_address_must_fit_its_format(site: Site, shape: str, url: str, taken: bool) -> None:
    owner = MembershipFactory(site=site, role=Role.OWNER).user
    answer = signed_in(owner).put(f"alarm?site={site.slug}", {"shape": shape, "url": url})
    assert (answer.status_code == 200) is taken
