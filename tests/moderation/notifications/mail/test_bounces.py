"""Who bounces or complains gets no mail any more, whoever reports it and in whichever format."""

import base64
import io
import json
from typing import Any

import pytest
from django.test import Client

from moderation.models import Mail, Suppression
from tests.moderation.management.test_commands import run_json
from tests.moderation.notifications.mail.test_outbox import EMAIL, write

pytestmark = pytest.mark.django_db
KEY = "a key that the provider was given"
BOUNCE = {"events": [{"address": EMAIL, "type": "bounce"}]}
COMPLAINT = {"events": [{"address": EMAIL.upper(), "type": "complaint"}]}


@pytest.fixture(autouse=True)
def key(settings: Any) -> None:
    settings.MAIL_EVENTS_KEY = KEY


def send(report: Any, *, authorization: str = f"Bearer {KEY}") -> Any:
    return Client(enforce_csrf_checks=True).post(
        "/email/bounces",
        report if isinstance(report, str) else json.dumps(report),
        content_type="text/plain; charset=UTF-8",
        headers={"Authorization": authorization},
    )


# Our own format, from anything that can send JSON


@pytest.mark.parametrize(("report", "reason"), [(BOUNCE, "bounce"), (COMPLAINT, "complaint")])
def test_a_report_stops_the_mail(report: Any, reason: str) -> None:
    write()
    assert send(report).json() == {"suppressed": 1}
    assert Suppression.objects.get().reason == reason
    assert Mail.objects.get().state == "dead"


def test_a_report_that_comes_twice_changes_nothing() -> None:
    assert [send(BOUNCE).status_code for _ in range(2)] == [200, 200]
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(
    "report",
    [
        "",
        "x",
        "null",
        "[1]",
        "{}",
        '{"events": 1}',
        '{"events": [{"address": 1}]}',
        '{"events": [{"address": "a@b.example", "type": "open"}]}',
        "[" * 9999,
    ],
)
def test_what_can_not_be_read_is_refused(report: str) -> None:
    assert send(report).status_code == 400
    assert not Suppression.objects.exists()


def test_basic_credentials_will_do() -> None:
    basic = base64.b64encode(f"anybody:{KEY}".encode()).decode()
    assert send(BOUNCE, authorization=f"Basic {basic}").status_code == 200


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer x", "Basic ?", "Basic eA==", "é"])
def test_without_the_key_nobody_is_heard(authorization: str) -> None:
    response = send(BOUNCE, authorization=authorization)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Basic")
    assert not Suppression.objects.exists()


def test_where_no_key_is_set_nobody_is_heard(settings: Any) -> None:
    settings.MAIL_EVENTS_KEY = ""
    assert send(BOUNCE, authorization="Bearer ").status_code == 401


def test_an_address_that_is_suppressed_is_kept_as_a_digest() -> None:
    send(BOUNCE)
    assert EMAIL not in str(Suppression.objects.values())


# A mail server, by a pipe


DSN = """From: MAILER-DAEMON@mx.example
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {email}
Action: {action}
Status: {status}
--b--
"""
ARF = """From: fbl@mx.example
Content-Type: multipart/report; report-type=feedback-report; boundary="b"
MIME-Version: 1.0

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: x/1
Version: 1
Original-Rcpt-To: <{email}>
--b--
"""


def hand_over(message: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(message.encode())))
    return run_json("receive_bounce")["suppressed"]


@pytest.mark.parametrize(
    ("action", "status", "stopped"),
    [
        ("failed", "5.1.1", 1),
        ("failed", "5.0.0", 1),
        ("failed", "5.2.2", 0),
        ("failed", "5.7.1", 0),
        ("delayed", "4.2.0", 0),
    ],
)
def test_a_mail_server_hands_over_a_bounce(
    action: str, status: str, stopped: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = DSN.format(email=EMAIL, action=action, status=status)
    assert hand_over(message, monkeypatch) == stopped


def test_a_mail_server_hands_over_a_complaint(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hand_over(ARF.format(email=EMAIL), monkeypatch) == 1
    assert Suppression.objects.get().reason == "complaint"


def test_any_other_mail_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hand_over(f"From: {EMAIL}\n\nHello\n", monkeypatch) == 0
