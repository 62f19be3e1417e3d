"""Deliveries are signed, retried, in order, and never attempted twice at once."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from comments.models import Comment, Site, Status, User
from moderation.models import Attempt, Delivery, DeliveryState, Event, EventType, Webhook
from moderation.notifications.webhooks import (
    delivery as deliveries,
)
from moderation.notifications.webhooks import (
    endpoints,
    events,
    http_client,
    signatures,
)
from moderation.notifications.webhooks.events import NewEvent
from moderation.review.queue import actions
from moderation.rules.verdicts import Verdict
from tests.factories import NOW, AuthorFactory, CommentFactory, SiteFactory
from tests.receiver import Receiver

pytestmark = pytest.mark.django_db
EMAIL = "ann@mail.example"


@pytest.fixture
def comment(site: Site) -> Comment:
    return CommentFactory(thread__site=site, author=AuthorFactory(site=site, email=EMAIL))


def happen(comment: Comment, *types: EventType, now=None) -> None:
    for event_type in types or (EventType.RECEIVED,):
        events.record([NewEvent(event_type, comment)], now=now or timezone.now())


def deliver_all(now=None) -> int:
    attempts = 0
    while made := deliveries.deliver(now=now or timezone.now()):
        attempts += made
    return attempts


def test_an_event_arrives_and_can_be_verified(
    webhook: Webhook, verifier: Verifier, receiver: Receiver, comment: Comment
) -> None:
    happen(comment)
    assert deliver_all() == 1
    ((headers, body),) = receiver.seen
    told = verifier.verify(body, headers)
    assert told["type"] == "comment.received"
    assert told["data"]["comment"]["id"] == str(comment.pk)
    assert headers["webhook-id"] == str(Event.objects.get().pk)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_somebody_elses_secret_verifies_nothing(
    webhook: Webhook, receiver: Receiver, comment: Comment
) -> None:
    happen(comment)
    deliver_all()
    ((headers, body),) = receiver.seen
    with pytest.raises(WebhookVerificationError):
        Verifier(signatures.new_secret()).verify(body, headers)


def test_after_a_rotation_both_secrets_verify_for_a_day(
    webhook: Webhook, verifier: Verifier, receiver: Receiver, comment: Comment
) -> None:
    now = timezone.now()
    new = Verifier(endpoints.rotate(webhook, now=now))
    happen(comment)
    deliver_all()
    ((headers, body),) = receiver.seen
    assert verifier.verify(body, headers) == new.verify(body, headers)
    webhook.refresh_from_db()
    later = signatures.headers(webhook, message_id="m", body="b", now=now + timedelta(hours=25))
    assert len(later["webhook-signature"].split()) == 1


def test_an_email_address_is_sent_only_where_the_webhook_is_set_up_for_it(
    webhook: Webhook, receiver: Receiver, comment: Comment
) -> None:
    happen(comment)
    deliver_all()
    Webhook.objects.update(with_addresses=True)
    happen(comment)
    deliver_all()
    without, with_it = (body.decode() for _, body in receiver.seen)
    assert EMAIL not in without
    assert EMAIL in with_it
    assert EMAIL not in str(list(Event.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("status", [400, 404, 500, 302])
def test_a_failed_delivery_is_retried_with_the_same_id(
    webhook: Webhook, receiver: Receiver, comment: Comment, status: int
) -> None:
    receiver.answers = [(status, {})]
    now = timezone.now()
    happen(comment, now=now)
    assert deliver_all(now) == 1
    assert deliver_all(now + timedelta(seconds=6)) == 1
    first, second = (headers for headers, _ in receiver.seen)
    assert first["webhook-id"] == second["webhook-id"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_every_attempt_is_logged(webhook: Webhook, receiver: Receiver, comment: Comment) -> None:
    receiver.answers = [(500, {})]
    now = timezone.now()
    happen(comment, now=now)
    deliver_all(now)
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.excerpt) == (500, "so be it")
    assert attempt.seconds > 0


def test_attempts_go_on_for_days_and_then_end(
    webhook: Webhook, receiver: Receiver, comment: Comment
) -> None:
    receiver.answers = [(500, {})] * 20
    started = now = timezone.now()
    happen(comment, now=now)
    while (delivery := Delivery.objects.get()).state == DeliveryState.WAITING:
        now = delivery.next_attempt_at
        deliver_all(now)
    assert delivery.state == DeliveryState.DEAD
    assert len(receiver.seen) == 10
    assert timedelta(days=3) < now - started < timedelta(days=5)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"Retry-After": "600"}, 600), ({"Retry-After": "9999999"}, 86_400), ({}, 5)],
)
def test_a_busy_receiver_is_left_alone_as_long_as_it_asks(
    webhook: Webhook, receiver: Receiver, comment: Comment, headers: dict, seconds: int
) -> None:
    receiver.answers = [(429, headers)]
    now = timezone.now()
    happen(comment, now=now)
    deliver_all(now)
    wait = (Delivery.objects.get().next_attempt_at - now).total_seconds()
    assert seconds <= wait <= seconds * 1.1 + 1


def test_a_receiver_that_is_gone_gets_nothing_more(
    webhook: Webhook, receiver: Receiver, comment: Comment
) -> None:
    receiver.answers = [(410, {})]
    happen(comment, EventType.RECEIVED, EventType.APPROVED)
    assert deliver_all() == 1
    webhook.refresh_from_db()
    assert webhook.disabled_at is not None
    assert {delivery.state for delivery in Delivery.objects.all()} == {DeliveryState.DEAD}
    happen(comment)
    assert deliver_all() == 0


def test_what_a_receiver_took_before_it_was_gone_is_not_given_up(
    webhook: Webhook, receiver: Receiver, site: Site
) -> None:
    receiver.answers = [(410, {}), (204, {})]
    for comment in CommentFactory.create_batch(2, thread__site=site):
        happen(comment)
    deliver_all()
    states = {delivery.state for delivery in Delivery.objects.all()}
    assert states == {DeliveryState.DEAD, DeliveryState.DELIVERED}


def test_a_receiver_that_takes_some_events_is_paused_briefly_however_often_it_failed(
    webhook: Webhook, receiver: Receiver, site: Site
) -> None:
    Webhook.objects.update(failures=5)
    receiver.answers = [(503, {}), (204, {})]
    now = timezone.now()
    for comment in CommentFactory.create_batch(2, thread__site=site):
        happen(comment, now=now)
    deliver_all(now)
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.paused_until) == (0, now + deliveries.FIRST_PAUSE)


def test_a_receiver_that_takes_nothing_is_paused_longer_each_time(
    webhook: Webhook, receiver: Receiver, comment: Comment
) -> None:
    receiver.answers = [(503, {})] * 9
    now = timezone.now()
    happen(comment, now=now)
    pauses = []
    for _ in range(9):
        Delivery.objects.update(next_attempt_at=now)
        deliver_all(now)
        webhook.refresh_from_db()
        pauses.append((webhook.paused_until - now).total_seconds())
        now = webhook.paused_until
    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]


def test_a_receiver_that_is_back_has_no_failures_any_more(
    webhook: Webhook, receiver: Receiver, comment: Comment
) -> None:
    now = timezone.now()
    Webhook.objects.update(failures=3, paused_until=now)
    happen(comment, now=now)
    deliver_all(now)
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.paused_until) == (0, None)


def test_nothing_is_sent_to_a_paused_receiver_until_its_pause_is_over(
    webhook: Webhook, receiver: Receiver, comment: Comment
) -> None:
    now = timezone.now()
    Webhook.objects.update(paused_until=now + timedelta(seconds=5))
    happen(comment, now=now)
    assert deliver_all(now) == 0
    assert deliver_all(now + timedelta(seconds=5)) == 1


def test_webhooks_share_a_batch_however_much_waits_for_one_of_them(
    webhook: Webhook, receiver: Receiver, site: Site
) -> None:
    batch, now = Delivery.retry_policy.batch, timezone.now()
    for comment in CommentFactory.create_batch(batch, thread__site=site):
        happen(comment, now=now)
    other = Webhook.objects.create(
        site=SiteFactory(), url=receiver.url, events=["*"], secret=webhook.secret, created_at=NOW
    )
    happen(CommentFactory(thread__site=other.site), now=now + timedelta(seconds=1))
    deliveries.deliver(now=now + timedelta(seconds=1))
    assert Delivery.objects.get(webhook=other).state == DeliveryState.DELIVERED
    assert deliver_all(now + timedelta(seconds=1)) > 0
    assert not Delivery.objects.exclude(state=DeliveryState.DELIVERED).exists()


def test_a_delivery_at_which_workers_died_is_given_up_and_holds_up_no_other(
    webhook: Webhook, receiver: Receiver, comment: Comment, site: Site
) -> None:
    now = timezone.now()
    happen(comment, now=now - timedelta(hours=1))
    last = len(Delivery.retry_policy.delays) + 1
    Delivery.objects.update(attempts=last, claimed_until=now - timedelta(seconds=1))
    happen(CommentFactory(thread__site=site), now=now)
    assert deliver_all(now) == 1
    assert Delivery.objects.get(comment=comment).state == DeliveryState.DEAD


def test_a_batch_is_recorded_in_a_constant_number_of_statements(
    webhook: Webhook, receiver: Receiver, site: Site, django_assert_num_queries
) -> None:
    now = timezone.now()
    for comment in CommentFactory.create_batch(Delivery.retry_policy.batch, thread__site=site):
        happen(comment, now=now)
    with django_assert_num_queries(11):
        assert deliveries.deliver(now=now) == Delivery.retry_policy.batch
    assert Attempt.objects.count() == Delivery.retry_policy.batch


def test_a_comments_events_arrive_in_their_order(
    webhook: Webhook, receiver: Receiver, comment: Comment
) -> None:
    receiver.answers = [(500, {})]
    now = timezone.now()
    happen(comment, EventType.RECEIVED, EventType.APPROVED, now=now)
    assert deliver_all(now) == 1  # The second waits behind the first.
    assert deliver_all(now + timedelta(seconds=6)) == 2
    types = [json.loads(body)["type"] for _, body in receiver.seen]
    assert types == ["comment.received", "comment.received", "comment.approved"]


def test_a_decision_that_was_delivered_and_is_undone_is_corrected(
    webhook: Webhook, receiver: Receiver, site: Site, moderator: User
) -> None:
    held = CommentFactory(thread__site=site, status=Status.HELD)
    now = timezone.now()
    ruling = actions.DecisionRequest(comment_id=held.pk, revision=1, verdict=Verdict.REJECT)
    (decision,) = actions.decide_all([ruling], moderator=moderator, now=now)
    assert deliver_all(now) == 0  # It might be taken back.
    assert deliver_all(now + timedelta(seconds=21)) == 1
    actions.undo(decision, moderator=moderator, now=now + timedelta(seconds=30))
    assert deliver_all(now + timedelta(seconds=51)) == 1
    rejected, corrected = (json.loads(body) for _, body in receiver.seen)
    assert [rejected["type"], corrected["type"]] == ["comment.rejected", "comment.held"]
    assert {told["data"]["comment"]["id"] for told in (rejected, corrected)} == {str(held.pk)}


def test_one_comment_does_not_hold_up_another(
    webhook: Webhook, receiver: Receiver, comment: Comment, site: Site
) -> None:
    receiver.answers = [(500, {})]
    now = timezone.now()
    happen(comment, now=now)
    happen(CommentFactory(thread__site=site), now=now)
    assert deliver_all(now) == 2


def test_a_worker_that_dies_leaves_its_delivery_to_another(
    webhook: Webhook, receiver: Receiver, comment: Comment
) -> None:
    now = timezone.now()
    happen(comment, now=now)
    assert len(Delivery.objects.claim(now=now)) == 1
    assert deliver_all(now) == 0
    assert deliver_all(now + timedelta(seconds=61)) == 1


def test_nothing_is_sent_to_a_receiver_at_a_private_address(
    webhook: Webhook, receiver: Receiver, comment: Comment, settings
) -> None:
    settings.OUTGOING_ALLOW = []
    happen(comment)
    deliver_all()
    assert receiver.seen == []
    assert "https" in Attempt.objects.get().error


def test_nobody_there_is_an_attempt_that_failed(
    webhook: Webhook, comment: Comment, settings
) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1"]
    Webhook.objects.update(url="http://127.0.0.1:9/")
    happen(comment)
    deliver_all()
    assert Attempt.objects.get().status is None
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_redelivery_sends_the_same_event_again(
    webhook: Webhook, receiver: Receiver, comment: Comment
) -> None:
    happen(comment)
    deliver_all()
    endpoints.redeliver(Delivery.objects.get(), now=timezone.now())
    assert deliver_all() == 1
    first, second = (headers["webhook-id"] for headers, _ in receiver.seen)
    assert first == second


def test_a_secret_that_can_not_be_decrypted_holds_up_no_other_webhook(
    webhook: Webhook, receiver: Receiver, comment: Comment
) -> None:
    broken = Webhook.objects.create(
        site=comment.site, url=receiver.url, events=["*"], secret="lost", created_at=NOW
    )
    happen(comment)
    deliver_all()
    assert len(receiver.seen) == 1
    failed = Delivery.objects.get(webhook=broken)
    assert (failed.state, failed.attempts) == (DeliveryState.WAITING, 1)
    assert "rotate it" in failed.last_error


def test_a_webhook_that_is_deleted_meanwhile_holds_up_no_other_one(
    webhook: Webhook, receiver: Receiver, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    deleted = Webhook.objects.create(
        site=comment.site, url=receiver.url, events=["*"], secret=webhook.secret, created_at=NOW
    )
    happen(comment)
    send_all = http_client.send_all

    def send_and_delete(*args, **options):
        answers = send_all(*args, **options)
        deleted.delete()
        return answers

    monkeypatch.setattr(http_client, "send_all", send_and_delete)
    assert deliveries.deliver(now=timezone.now()) == 2
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_private_addresses_are_refused_early_and_blocked_when_sending(site: Site) -> None:
    with pytest.raises(endpoints.InvalidWebhook):
        endpoints.add(site, url="https://169.254.169.254/", events=["*"], now=timezone.now())
    with pytest.raises(http_client.Blocked):
        http_client.send("POST", "https://169.254.169.254/")
