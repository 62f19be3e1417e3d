"""Events are recorded in the transaction of their cause, for the webhooks that subscribe."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import example, given
from hypothesis import strategies as st

from comments.models import Comment, Site, Status, User
from moderation.models import Delivery, Event, ReportReason, Webhook
from moderation.models.webhook import EventType
from moderation.notifications.webhooks import events
from moderation.notifications.webhooks.events import NewEvent
from moderation.review.people import appeals, reports
from moderation.review.queue import actions
from moderation.rules.verdicts import Verdict
from moderation.screening import screen
from tests.conftest import Api
from tests.factories import (
    NOW,
    CommentFactory,
    DecisionFactory,
    ThreadFactory,
    WaitingCommentFactory,
)
from tests.submissions import EMAIL, post

pytestmark = pytest.mark.django_db


def types() -> list[str]:
    return list(Event.objects.order_by("id").values_list("type", flat=True))


def rule(comment: Comment, verdict: Verdict, moderator: User, *, now=NOW):
    ruling = actions.DecisionRequest(comment_id=comment.pk, revision=1, verdict=verdict)
    (decision,) = actions.decide_all([ruling], moderator=moderator, now=now)
    return decision


@pytest.fixture
def comment(site: Site) -> Comment:
    return CommentFactory(thread__site=site, status=Status.HELD)


def test_a_comment_that_comes_in_and_is_screened(webhook: Webhook, reader: Api) -> None:
    post(reader)
    screen.screen(now=NOW)
    assert types() == ["comment.received", "comment.approved"]


@pytest.mark.parametrize(
    ("verdict", "event"),
    [
        (Verdict.APPROVE, "comment.approved"),
        (Verdict.HOLD, "comment.held"),
        (Verdict.REJECT, "comment.rejected"),
        (Verdict.SPAM, "comment.spam"),
        (Verdict.DELETE, "comment.deleted"),
    ],
)
def test_every_verdict_has_its_event(
    webhook: Webhook, comment: Comment, moderator: User, verdict: Verdict, event: str
) -> None:
    rule(comment, verdict, moderator)
    assert types() == [event]


def test_reports_and_appeals(webhook: Webhook, site: Site, moderator: User) -> None:
    public = CommentFactory(thread__site=site)
    for _ in range(2):  # The same reader counts once.
        reports.report(public, reason=ReportReason.HATE, text="", address="198.51.100.7", now=NOW)
    refused = CommentFactory(thread__site=site, status=Status.REJECTED)
    DecisionFactory(comment=refused, verdict=Verdict.REJECT)
    appeal = appeals.submit(refused, text="Please", now=NOW)
    appeals.overturn(appeal, moderator=moderator, reasoning="Yes", now=NOW)
    assert types() == [
        "report.created",
        "appeal.submitted",
        "comment.approved",
        "appeal.resolved",
    ]


def test_no_event_holds_an_address(webhook: Webhook, reader: Api) -> None:
    post(reader)
    assert EMAIL not in str(Event.objects.get().data)


def test_without_a_webhook_nothing_is_written(site: Site, reader: Api) -> None:
    post(reader)
    assert not Event.objects.exists()


def test_a_webhook_gets_the_events_that_it_subscribes_to(webhook: Webhook, reader: Api) -> None:
    Webhook.objects.update(events=["comment.held"])
    post(reader)
    screen.screen(now=NOW)
    assert types() == []


def test_another_sites_webhook_gets_nothing(webhook: Webhook) -> None:
    WaitingCommentFactory()
    screen.screen(now=NOW)
    assert not Event.objects.exists()


def test_nothing_is_sent_of_a_transaction_that_is_rolled_back(
    webhook: Webhook, comment: Comment
) -> None:
    with transaction.atomic():
        events.record([NewEvent(EventType.RECEIVED, comment)], now=NOW)
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_an_automated_decision_is_due_at_once(webhook: Webhook, site: Site) -> None:
    WaitingCommentFactory(thread__site=site)
    screen.screen(now=NOW)
    assert Delivery.objects.get().next_attempt_at == NOW


def test_a_persons_decision_waits_a_while(
    webhook: Webhook, comment: Comment, moderator: User
) -> None:
    rule(comment, Verdict.REJECT, moderator)
    assert Delivery.objects.get().next_attempt_at == NOW + timedelta(seconds=20)


def test_what_is_undone_within_the_undo_window_is_never_delivered(
    webhook: Webhook, comment: Comment, moderator: User
) -> None:
    decision = rule(comment, Verdict.REJECT, moderator)
    actions.undo(decision, moderator=moderator, now=NOW + timedelta(seconds=19))
    assert types() == []
    assert not Delivery.objects.exists()


def test_what_is_undone_later_is_corrected(
    webhook: Webhook, comment: Comment, moderator: User
) -> None:
    decision = rule(comment, Verdict.REJECT, moderator)
    actions.undo(decision, moderator=moderator, now=NOW + timedelta(seconds=21))
    assert types() == ["comment.rejected", "comment.held"]


def test_of_two_decisions_within_the_undo_window_the_last_is_announced(
    webhook: Webhook, comment: Comment, moderator: User
) -> None:
    rule(comment, Verdict.REJECT, moderator)
    rule(comment, Verdict.APPROVE, moderator, now=NOW + timedelta(seconds=5))
    assert types() == ["comment.approved"]


@given(
    body=st.text(max_size=50_000),
    name=st.text(max_size=100),
    key=st.text(max_size=2000),
    reasoning=st.text(max_size=50_000),
)
@example(body="\x01" * 50_000, name="\x01" * 100, key="\x01" * 2000, reasoning="\x01" * 50_000)
@example(body="\U0001f44b" * 50_000, name="\u00e4", key='"' * 2000, reasoning="\\" * 50_000)
def test_whatever_people_write_an_event_stays_below_20_kilobytes(
    body: str, name: str, key: str, reasoning: str
) -> None:
    comment = CommentFactory.build(
        thread=ThreadFactory.build(key=key, url="https://gazette.example/" + "\u00e4" * 1900),
        author=None,
        author_name=name,
        author_url="https://a.example/" + "\u00e4" * 480,
        body=body,
    )
    decided = {"decision": {"verdict": "REJECT", "reasoning": reasoning}}
    event = events._event(NewEvent(EventType.REJECTED, comment, decided), now=NOW)
    assert len(json.dumps(event.data, ensure_ascii=False).encode("utf-8")) < 19_500
    assert event.data["comment"]["truncated"] == (event.data["comment"]["body"] != body)


def test_a_short_text_is_not_truncated(webhook: Webhook, site: Site) -> None:
    shown = events.comment_payload(CommentFactory(thread__site=site, body="\u00e4" * 3000))
    assert shown["body"] == "\u00e4" * 3000
    assert shown["truncated"] is False
