"""Whose turn it is, for how long a worker has a transfer, and how often it is tried."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from comments.models import Site
from comments.models.ids import new_id
from moderation.intake.transfers import schedule
from moderation.intake.transfers.files import path_of
from moderation.intake.transfers.schedule import LEASE, MAX_AGE, MAX_ATTEMPTS, Claim, ClaimLost
from moderation.models import Transfer, TransferKind, TransferState
from tests.factories import NOW, SiteFactory

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
RUNNING, WAITING = TransferState.RUNNING, TransferState.WAITING


def transfer(site: Site, *, at: datetime = NOW, **fields: Any) -> Transfer:
    return Transfer.objects.create(site=site, kind=TransferKind.EXPORT, created_at=at, **fields)


def claimed(site: Site, **fields: Any) -> Claim:
    claim = schedule.claim(transfer(site, **fields).pk, now=NOW)
    assert claim
    return claim


def now_of(claim: Claim) -> Transfer:
    """Return the transfer as it is stored."""
    return Transfer.objects.get(pk=claim.transfer.pk)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock, in seconds: its only item."""
    seconds = [100.0]
    monkeypatch.setattr(schedule.time, "monotonic", lambda: seconds[0])
    return seconds


# Turns.


def test_within_a_site_the_oldest_is_next(site: Site) -> None:
    ids = [new_id(), new_id()]
    for pk in reversed(ids):
        transfer(site, pk=pk, at=NOW + SECOND)
    first = transfer(site)
    assert schedule.due(now=NOW) == [first.pk, *ids]


def test_the_site_whose_turn_was_longest_ago_is_next() -> None:
    sites = [SiteFactory() for _ in range(3)]
    waiting = [transfer(site, at=NOW - n * MINUTE) for n, site in enumerate(sites)]
    for site, turns in ((sites[2], (9, 1)), (sites[1], (3, 2))):
        for minutes in turns:
            ended = NOW - minutes * MINUTE
            transfer(site, at=ended, state=TransferState.DONE, finished_at=ended)
    assert schedule.due(now=NOW) == [row.pk for row in waiting]


@pytest.mark.parametrize(
    "state", [TransferState.DONE, TransferState.FAILED, TransferState.CANCELLED]
)
def test_what_has_ended_has_no_turn(site: Site, state: TransferState) -> None:
    assert schedule.claim(transfer(site, state=state).pk, now=NOW) is None


def test_what_waits_for_its_next_try_is_due_when_its_pause_ends(site: Site) -> None:
    waiting = transfer(site, claimed_until=NOW + MINUTE)
    other = transfer(site, at=NOW + SECOND)
    assert schedule.due(now=NOW + MINUTE - SECOND) == [other.pk]
    assert schedule.due(now=NOW + MINUTE) == [waiting.pk, other.pk]


def test_a_site_has_one_that_runs_until_its_lease_ends(site: Site) -> None:
    running = transfer(site, state=RUNNING, claimed_until=NOW + MINUTE)
    other = transfer(site, at=NOW + SECOND)
    elsewhere = transfer(SiteFactory())
    assert schedule.due(now=NOW) == [elsewhere.pk]
    assert schedule.due(now=NOW + MINUTE) == [running.pk, elsewhere.pk, other.pk]


# Claims.


def test_a_claim_is_a_lease_and_a_try(site: Site, clock: list[float]) -> None:
    claim = claimed(site, attempts=1)
    stored = now_of(claim)
    assert (stored.state, stored.claimed_until, stored.attempts) == (RUNNING, NOW + LEASE, 2)
    assert claim.transfer.site == site


def test_nobody_claims_what_is_not_there() -> None:
    assert schedule.claim(new_id(), now=NOW) is None


def test_a_lease_is_renewed_by_the_time_that_went_by(site: Site, clock: list[float]) -> None:
    claim = claimed(site)
    clock[0] += 60
    claim.renew(percent=40)
    assert now_of(claim).claimed_until == claim.transfer.claimed_until == NOW + MINUTE + LEASE
    assert now_of(claim).percent == claim.transfer.percent == 40


def test_what_ends_is_nobodys(site: Site) -> None:
    claim = claimed(site)
    claim.finish(TransferState.DONE, percent=100)
    stored = now_of(claim)
    assert (stored.state, stored.finished_at, stored.percent) == (TransferState.DONE, NOW, 100)
    assert stored.claimed_until is None


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 2), (3, 4)])
def test_each_try_waits_longer_than_the_one_before(
    site: Site, clock: list[float], tries: int, minutes: int
) -> None:
    claim = claimed(site, attempts=tries - 1)
    clock[0] += 1
    claim.put_back()
    stored = now_of(claim)
    assert (stored.state, stored.claimed_until) == (WAITING, NOW + SECOND + minutes * MINUTE)


@pytest.mark.parametrize(
    "taken",
    [{"state": TransferState.CANCELLED}, {"claimed_until": NOW + 2 * LEASE}],
    ids=["cancelled", "with another worker"],
)
def test_whoever_lost_a_transfer_changes_nothing(site: Site, taken: dict[str, Any]) -> None:
    claim = claimed(site)
    other = claimed(SiteFactory())
    Transfer.objects.filter(pk=claim.transfer.pk).update(**taken)
    with pytest.raises(ClaimLost):
        claim.renew(percent=40)
    assert (now_of(claim).percent, now_of(other).percent) == (0, 0)


# The end.


def test_what_was_tried_too_often_ends_with_a_sentence_and_without_a_file(site: Site) -> None:
    last = transfer(site, attempts=MAX_ATTEMPTS, file_bytes=4)
    path_of(last).write_bytes(b"file")
    assert schedule.claim(last.pk, now=NOW) is None
    last.refresh_from_db()
    assert (last.state, last.finished_at, last.claimed_until) == (TransferState.FAILED, NOW, None)
    assert last.error == "It was tried 5 times, and ended its worker."
    assert (path_of(last).exists(), last.file_bytes) == (False, 0)
    assert schedule.claim(transfer(site, attempts=MAX_ATTEMPTS - 1).pk, now=NOW)


def test_what_nobody_finishes_ends_after_a_week(site: Site) -> None:
    old, older = transfer(site), transfer(site, at=NOW - SECOND, claimed_until=NOW + 2 * MAX_AGE)
    schedule.end_abandoned(now=NOW + MAX_AGE)
    states = dict(Transfer.objects.values_list("pk", "state"))
    assert states == {old.pk: WAITING, older.pk: TransferState.FAILED}
    older.refresh_from_db()
    assert older.error == "It was not done within 7 days."
    assert (older.finished_at, older.claimed_until) == (NOW + MAX_AGE, None)


def test_what_a_worker_has_and_what_has_ended_is_not_abandoned(site: Site) -> None:
    late = NOW + 2 * MAX_AGE
    transfer(site, state=RUNNING, claimed_until=late + SECOND)
    transfer(site, state=TransferState.DONE, finished_at=NOW)
    schedule.end_abandoned(now=late)
    assert not Transfer.objects.filter(state=TransferState.FAILED).exists()
    schedule.end_abandoned(now=late + SECOND)
    assert Transfer.objects.filter(state=TransferState.FAILED).count() == 1
