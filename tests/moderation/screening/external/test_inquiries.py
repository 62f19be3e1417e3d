"""External moderators judge each comment on request; the rules decide with their answer."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook as Verifier

from comments.models import Comment, Site, Status
from moderation.intake import changes
from moderation.models import Decision, ExternalModerator, Inquiry, Screening
from moderation.screening import claims, screen
from moderation.screening.external import inquiries
from tests.conftest import Api
from tests.conftest import server as server_of
from tests.factories import SiteFactory, SiteKeyFactory, WaitingCommentFactory
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db
SECONDS = 60


@pytest.fixture
def server(site: Site) -> Api:
    return server_of(site, "policy", "findings", "comments")


@pytest.fixture
def secret(server: Api, receiver: Receiver) -> str:
    """Set the receiver as the external moderator, and return the secret to verify requests."""
    wanted = {"url": receiver.url, "seconds": SECONDS}
    return server.put("external-moderator", wanted).json()["secret"]


@pytest.fixture
def comment(site: Site, secret: str) -> Comment:
    return WaitingCommentFactory(thread__site=site)


def answers(receiver: Receiver, *told: dict | int) -> None:
    """Have the receiver give these answers in turn."""
    receiver.answers = [
        (t, {}) if isinstance(t, int) else (200, {}, json.dumps(t).encode()) for t in told
    ]


def work(now=None) -> None:
    """Screen and send inquiries until nothing is due at this moment."""
    now = now or timezone.now()
    screen.sweep(now=now)
    while inquiries.ask(now=now):
        screen.sweep(now=now)


def status(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.status


def reasons(comment: Comment) -> set[str]:
    decision = Decision.objects.effective().get(comment=comment)
    return {f.reason for f in decision.findings.all() if f.check_name == "external"}


@pytest.mark.parametrize(
    ("verdict", "ends"),
    [("APPROVE", "approved"), ("HOLD", "held"), ("REJECT", "rejected"), ("SPAM", "spam")],
)
def test_its_answer_is_one_more_finding(
    comment: Comment, receiver: Receiver, verdict: str, ends: str
) -> None:
    answers(receiver, {"verdict": verdict, "explanation": "So I think."})
    work()
    assert status(comment) == ends
    assert reasons(comment) == {f"external_{verdict.lower()}"}


def test_it_does_not_outweigh_the_other_checks(site: Site, secret: str, receiver: Receiver) -> None:
    spam = WaitingCommentFactory(thread__site=site, body="viagra")
    answers(receiver, {"verdict": "APPROVE"})
    work()
    assert status(spam) == Status.SPAM


def test_the_question_is_signed_and_says_until_when(
    comment: Comment, receiver: Receiver, secret: str
) -> None:
    work()
    (headers, body), *_ = receiver.seen
    asked = Verifier(secret).verify(body, headers)
    assert asked["type"] == "comment.inquiry"
    assert asked["data"]["comment"]["id"] == str(comment.pk)
    assert asked["data"]["deadline"] > asked["timestamp"]
    assert b"@" not in body


def test_it_answers_later_through_the_api(
    comment: Comment, receiver: Receiver, server: Api
) -> None:
    answers(receiver, 202)
    work()
    assert status(comment) == Status.PENDING
    told = {"revision": 1, "verdict": "REJECT", "explanation": "It names somebody."}
    assert server.post(f"comments/{comment.pk}/findings", told).status_code == 200
    assert server.post(f"comments/{comment.pk}/findings", told).status_code == 200
    work()
    assert len(receiver.seen) == 1
    assert status(comment) == Status.REJECTED
    assert server.post(f"comments/{comment.pk}/findings", told).status_code == 409


def test_a_second_answer_that_differs_is_refused(
    comment: Comment, receiver: Receiver, server: Api
) -> None:
    answers(receiver, 202)
    work()
    path = f"comments/{comment.pk}/findings"
    server.post(path, {"revision": 1, "verdict": "REJECT"})
    answer = server.post(path, {"revision": 1, "verdict": "APPROVE"})
    assert answer.status_code == 409
    assert answer.json()["type"].endswith(":not-asked")


def test_without_an_answer_in_time_the_comment_is_held(
    comment: Comment, receiver: Receiver
) -> None:
    now = timezone.now()
    answers(receiver, 202)
    work(now)
    work(now + timedelta(seconds=SECONDS - 1))
    assert status(comment) == Status.PENDING
    work(now + timedelta(seconds=SECONDS + 1))
    assert status(comment) == Status.HELD
    assert reasons(comment) == {"external_silent"}


def test_a_site_may_go_on_without_an_answer(
    comment: Comment, receiver: Receiver, server: Api
) -> None:
    wanted = {"url": receiver.url, "seconds": SECONDS, "hold_unanswered": False}
    server.put("external-moderator", wanted)
    now = timezone.now()
    answers(receiver, 202)
    work(now)
    work(now + timedelta(seconds=SECONDS + 1))
    assert status(comment) == Status.APPROVED


def test_it_holds_up_nobody_else(comment: Comment, receiver: Receiver) -> None:
    other = WaitingCommentFactory()
    answers(receiver, 202)
    work()
    assert status(comment) == Status.PENDING
    assert status(other) == Status.APPROVED


@pytest.mark.parametrize("trouble", [500, 302, {"verdict": "PERHAPS"}, {"no": "verdict"}])
def test_an_inquiry_that_fails_is_retried_with_the_same_id(
    comment: Comment, receiver: Receiver, server: Api, trouble: dict | int
) -> None:
    answers(receiver, trouble, {"verdict": "APPROVE"})
    now = timezone.now()
    work(now)
    assert status(comment) == Status.PENDING
    assert server.get("external-moderator").json()["last_error"]
    work(now + timedelta(seconds=3))
    assert status(comment) == Status.APPROVED
    first, second = (headers["webhook-id"] for headers, _ in receiver.seen)
    assert first == second


def test_an_endpoint_that_is_gone_gets_no_more_inquiries(
    comment: Comment, receiver: Receiver, site: Site, server: Api
) -> None:
    answers(receiver, 410)
    work()
    assert status(comment) == Status.HELD
    assert server.get("external-moderator").json()["enabled"] is False
    later = WaitingCommentFactory(thread__site=site)
    work()
    assert status(later) == Status.APPROVED
    assert len(receiver.seen) == 1


def test_a_worker_that_dies_leaves_its_inquiry_to_another(
    comment: Comment, receiver: Receiver
) -> None:
    now = timezone.now()
    screen.sweep(now=now)
    assert len(Inquiry.objects.claim(now=now)) == 1
    assert inquiries.ask(now=now) is False
    answers(receiver, {"verdict": "APPROVE"})
    work(now + timedelta(seconds=31))
    assert status(comment) == Status.APPROVED


def test_an_edited_comment_leads_to_a_new_inquiry(
    comment: Comment, receiver: Receiver, server: Api
) -> None:
    answers(receiver, 202, {"verdict": "APPROVE"})
    work()
    changes.replace_text(
        comment, body="Better now", key=SiteKeyFactory(site=comment.site), now=timezone.now()
    )
    told = {"revision": 1, "verdict": "SPAM"}
    assert server.post(f"comments/{comment.pk}/findings", told).status_code in (200, 409)
    work()
    assert status(comment) == Status.APPROVED
    assert json.loads(receiver.seen[1][1])["data"]["comment"]["revision"] == 2


def test_a_moderator_does_not_wait_for_it(
    comment: Comment, receiver: Receiver, review: Api, server: Api
) -> None:
    answers(receiver, 202)
    work()
    review.post(f"comments/{comment.pk}/decision", {"verdict": "APPROVE", "revision": 1})
    assert status(comment) == Status.APPROVED
    assert not Inquiry.objects.exists()
    told = {"revision": 1, "verdict": "SPAM"}
    assert server.post(f"comments/{comment.pk}/findings", told).status_code == 409


def test_comments_that_wait_go_on_when_it_is_removed(
    comment: Comment, receiver: Receiver, server: Api
) -> None:
    answers(receiver, 202)
    work()
    assert server.delete("external-moderator").status_code == 204
    work()
    assert status(comment) == Status.APPROVED
    assert server.get("external-moderator").status_code == 404


def test_a_rotated_secret_signs_beside_the_former_one(
    comment: Comment, receiver: Receiver, server: Api, secret: str
) -> None:
    new = server.post("external-moderator/rotate").json()["secret"]
    work()
    (headers, body), *_ = receiver.seen
    assert Verifier(new).verify(body, headers) == Verifier(secret).verify(body, headers)


@pytest.mark.parametrize(
    "wanted",
    [
        {"url": "https://169.254.169.254/"},
        {"url": "http://gazette.example/"},
        {"url": "nonsense"},
        {"seconds": 1},
        {"seconds": 10_000_000},
    ],
)
def test_an_endpoint_that_can_not_be_is_refused(
    server: Api, receiver: Receiver, wanted: dict
) -> None:
    answer = server.put("external-moderator", {"url": receiver.url, **wanted})
    assert answer.status_code == 400
    assert not ExternalModerator.objects.exists()


def test_the_secret_is_shown_once(server: Api, secret: str, receiver: Receiver) -> None:
    assert secret.startswith("whsec_")
    assert "secret" not in server.get("external-moderator").json()
    assert server.put("external-moderator", {"url": receiver.url}).json()["secret"] == ""
    assert secret not in str(ExternalModerator.objects.values())


@pytest.mark.parametrize("scope", ["comments", "policy"])
def test_answering_needs_its_own_scope(comment: Comment, site: Site, scope: str) -> None:
    told = {"revision": 1, "verdict": "APPROVE"}
    answer = server_of(site, scope).post(f"comments/{comment.pk}/findings", told)
    assert answer.status_code == 403


def test_another_site_can_not_answer(comment: Comment) -> None:
    stranger = server_of(SiteFactory(), "findings")
    told = {"revision": 1, "verdict": "APPROVE"}
    assert stranger.post(f"comments/{comment.pk}/findings", told).status_code == 404


def test_a_screening_that_is_cut_short_starts_again_with_the_answer(
    comment: Comment, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(receiver, {"verdict": "REJECT"})
    now = timezone.now()
    screen.sweep(now=now)
    inquiries.ask(now=now)
    claims.claim(10, now=now)  # A worker takes it, and dies.
    assert Screening.objects.get().attempts == 1
    work(now + timedelta(minutes=5))
    assert status(comment) == Status.REJECTED
    assert len(receiver.seen) == 1
