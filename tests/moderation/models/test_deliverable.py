"""Delivery with lease, backoff and giving up, as every deliverable model has it."""

from datetime import timedelta

import pytest

from comments.models import Site
from moderation.models import Alarm, DeliveryState, ExternalModerator, Inquiry, Mail, MailKind
from moderation.models.deliverable import MAX_ERROR
from moderation.notifications.mail import outbox
from moderation.notifications.mail.outbox import OutgoingEmail
from tests.factories import NOW, ScreeningFactory

pytestmark = pytest.mark.django_db
LEASE, DELAYS = Mail.retry_policy.lease, Mail.retry_policy.delays
A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def mail() -> Mail:
    email = OutgoingEmail(kind=MailKind.TEST, to="ann@mail.example", language="en")
    return outbox.enqueue(email, now=NOW)


def claim(now=NOW) -> Mail:
    (mail,) = Mail.objects.claim(now=now)
    return mail


def stored() -> Mail:
    return Mail.objects.get()


def fail_until_dead() -> int:
    """Let every attempt fail at its time, and return how many there were."""
    attempts, now = 0, NOW
    while stored().state == DeliveryState.WAITING:
        claim(now).fail("It is away.", now=now)
        attempts, now = attempts + 1, stored().next_attempt_at
    return attempts


# Claims.


def test_a_claimed_row_is_nobody_elses_while_the_lease_lasts(mail: Mail) -> None:
    claim()
    assert Mail.objects.claim(now=NOW + LEASE) == []


def test_the_row_of_a_worker_that_died_is_claimed_by_another_one(mail: Mail) -> None:
    claim()
    assert claim(NOW + LEASE + A_MOMENT).attempts == 2


def test_a_row_that_ends_every_worker_is_given_up_after_the_last_attempt(mail: Mail) -> None:
    now = NOW
    for _attempt in range(len(DELAYS) + 1):
        claim(now)
        now += LEASE + A_MOMENT
    assert Mail.objects.claim(now=now) == []
    assert stored().state == DeliveryState.DEAD
    assert "worker died" in stored().last_error


def test_a_row_is_not_due_before_its_time(mail: Mail) -> None:
    assert Mail.objects.claim(now=NOW - A_MOMENT) == []
    assert claim(NOW) == mail


def test_one_claim_takes_one_batch_the_longest_due_first(mail: Mail) -> None:
    email = OutgoingEmail(kind=MailKind.TEST, to="ben@mail.example", language="en")
    longer_due = outbox.enqueue(email, now=NOW - timedelta(hours=1))
    assert [claim(), claim()] == [longer_due, mail]


# Outcomes.


def test_a_delivered_row_is_not_attempted_again(mail: Mail) -> None:
    claim().succeed(now=NOW)
    assert stored().state == DeliveryState.DELIVERED
    assert Mail.objects.claim(now=NOW + timedelta(days=9)) == []


@pytest.mark.parametrize("attempts", range(1, len(DELAYS) + 1))
def test_a_failed_attempt_is_retried_after_its_delay(mail: Mail, attempts: int) -> None:
    Mail.objects.update(attempts=attempts - 1)
    claim().fail("It is away.", now=NOW)
    delay, wait = DELAYS[attempts - 1], stored().next_attempt_at - NOW
    assert delay <= wait <= delay * (1 + Mail.retry_policy.jitter)
    assert Mail.objects.claim(now=NOW + delay - A_MOMENT) == []
    assert claim(stored().next_attempt_at).attempts == attempts + 1


def test_it_is_given_up_when_the_attempt_after_the_last_delay_fails(mail: Mail) -> None:
    assert fail_until_dead() == len(DELAYS) + 1
    assert (stored().state, stored().last_error) == (DeliveryState.DEAD, "It is away.")
    assert Mail.objects.claim(now=NOW + timedelta(days=99)) == []


def test_a_receiver_may_ask_for_a_longer_delay_and_not_for_a_shorter_one(mail: Mail) -> None:
    claim().fail("It is busy.", now=NOW, at_least=timedelta(hours=3))
    assert stored().next_attempt_at == NOW + timedelta(hours=3)
    later = stored().next_attempt_at
    claim(later).fail("It is busy.", now=later, at_least=A_MOMENT)
    assert stored().next_attempt_at >= later + DELAYS[1]


def test_a_row_can_be_given_up_at_once(mail: Mail) -> None:
    claim().give_up("There is no such address.")
    assert (stored().state, stored().attempts) == (DeliveryState.DEAD, 1)


def test_an_error_that_does_not_fit_is_cut_and_one_with_nul_is_stored(mail: Mail) -> None:
    claim().fail("\x00" + "x" * 999, now=NOW)
    assert stored().last_error == "x" * MAX_ERROR


# A worker that comes late.


def late_and_newer_claim() -> tuple[Mail, Mail]:
    late = claim()
    return late, claim(NOW + LEASE + A_MOMENT)


def test_a_late_failure_changes_nothing_while_another_worker_has_the_row(mail: Mail) -> None:
    late, newer = late_and_newer_claim()
    assert not late.fail("It took too long.", now=NOW + LEASE)
    assert stored().claimed_until == newer.claimed_until
    assert stored().last_error == ""


def test_a_late_failure_does_not_undo_a_newer_success(mail: Mail) -> None:
    late, newer = late_and_newer_claim()
    assert newer.succeed(now=NOW + LEASE)
    assert not late.fail("It took too long.", now=NOW + LEASE)
    assert not late.give_up("It took too long.")
    assert stored().state == DeliveryState.DELIVERED


def test_a_late_success_does_not_stop_a_newer_retry(mail: Mail) -> None:
    late, newer = late_and_newer_claim()
    assert newer.fail("It is away.", now=NOW + LEASE)
    assert not late.succeed(now=NOW + LEASE)
    assert (stored().state, stored().sent_at) == (DeliveryState.WAITING, None)


def test_many_successes_are_recorded_but_for_what_another_worker_has(mail: Mail) -> None:
    email = OutgoingEmail(kind=MailKind.TEST, to="ben@mail.example", language="en")
    late, newer = late_and_newer_claim()
    outbox.enqueue(email, now=NOW)
    own = claim(NOW)
    assert Mail.objects.succeed([late, own], now=NOW + A_MOMENT) == 1
    delivered = Mail.objects.get(state=DeliveryState.DELIVERED)
    assert (delivered, delivered.sent_at, delivered.text) == (own, NOW + A_MOMENT, own.text)
    assert Mail.objects.get(pk=newer.pk).claimed_until == newer.claimed_until


def test_a_late_worker_whose_row_nobody_else_claimed_still_records_its_outcome(mail: Mail) -> None:
    late = claim()
    assert late.succeed(now=NOW + 2 * LEASE)
    assert stored().state == DeliveryState.DELIVERED


def test_a_worker_does_not_overwrite_what_was_given_up_meanwhile(mail: Mail) -> None:
    busy = claim()
    Mail.objects.all().give_up("The address is suppressed.")
    assert not busy.fail("It is away.", now=NOW)
    assert stored().state == DeliveryState.DEAD


# Putting rows back.


def test_what_is_retried_by_hand_begins_anew(mail: Mail) -> None:
    fail_until_dead()
    later = NOW + timedelta(days=30)
    assert Mail.objects.all().retry(now=later) == 1
    assert claim(later).attempts == 1
    assert stored().last_error == ""


def test_a_worker_does_not_overwrite_what_was_put_back_meanwhile(mail: Mail) -> None:
    busy = claim()
    Mail.objects.all().retry(now=NOW)
    assert not busy.succeed(now=NOW)
    assert stored().state == DeliveryState.WAITING


@pytest.mark.parametrize(
    "changes",
    [{"attempts": 1}, {"claimed_until": NOW}, {"state": "dead"}, {"next_attempt_at": NOW}],
)
def test_only_what_nobody_attempted_can_be_withdrawn(mail: Mail, changes: dict) -> None:
    Mail.objects.update(next_attempt_at=NOW + A_MOMENT)
    assert Mail.objects.withdrawable(NOW).count() == 1
    Mail.objects.update(**changes)
    assert Mail.objects.withdrawable(NOW).count() == 0


# Rows that may have nothing to deliver.


@pytest.fixture
def alarm(site: Site) -> Alarm:
    return Alarm.objects.create(site=site, url="https://hooks.example/x")


def test_a_row_with_nothing_to_deliver_is_never_due(alarm: Alarm) -> None:
    assert not Alarm.objects.due(NOW + timedelta(days=999)).exists()


def test_a_payload_that_is_replaced_during_an_attempt_stays_to_be_sent(alarm: Alarm) -> None:
    Alarm.objects.all().retry(now=NOW, payload={"n": 1})
    (busy,) = Alarm.objects.claim(now=NOW)
    Alarm.objects.all().retry(now=NOW, payload={"n": 2})
    assert not busy.succeed(now=NOW)
    (next_one,) = Alarm.objects.claim(now=NOW + A_MOMENT)
    assert (next_one.payload, next_one.attempts) == ({"n": 2}, 1)


@pytest.mark.parametrize("outcome", ["succeed", "give_up"])
def test_a_payload_is_cleared_at_the_end(alarm: Alarm, outcome: str) -> None:
    Alarm.objects.all().retry(now=NOW, payload={"n": 1})
    (busy,) = Alarm.objects.claim(now=NOW)
    assert busy.succeed(now=NOW) if outcome == "succeed" else busy.give_up("It is gone.")
    assert Alarm.objects.get().payload is None


def test_what_is_cancelled_is_not_due_and_a_busy_worker_changes_nothing(alarm: Alarm) -> None:
    Alarm.objects.all().retry(now=NOW, payload={"n": 1})
    (busy,) = Alarm.objects.claim(now=NOW)
    Alarm.objects.all().cancel()
    assert not busy.fail("It is away.", now=NOW)
    alarm.refresh_from_db()
    assert (alarm.state, alarm.payload, alarm.next_attempt_at) == ("", None, None)


# Inquiries, which have a deadline in place of a last attempt.


def test_an_inquiry_is_retried_until_its_deadline(site: Site) -> None:
    moderator = ExternalModerator.objects.create(
        site=site, url="https://moderator.example/", secret="", created_at=NOW
    )
    deadline = NOW + timedelta(hours=1)
    Inquiry.objects.create(
        screening=ScreeningFactory(comment__thread__site=site),
        moderator=moderator,
        revision=1,
        asked_at=NOW,
        next_attempt_at=NOW,
        deadline_at=deadline,
    )
    waits, now = [], NOW
    while claimed := Inquiry.objects.claim(now=now):
        claimed[0].fail("It is away.", now=now)
        waits.append((claimed[0].next_attempt_at - now).seconds)
        now = claimed[0].next_attempt_at
    assert waits == [2, 10, 60, *[300] * (len(waits) - 3)]
    assert now >= deadline
