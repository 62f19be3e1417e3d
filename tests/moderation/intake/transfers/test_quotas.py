"""What one site may start: more of it is refused, with the time to come again."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from comments.models import Site
from moderation.intake.transfers import files, jobs, quotas
from moderation.models import Transfer, TransferKind, TransferState
from tests.factories import NOW, SiteFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def started(site: Site, *, at: datetime = NOW, **fields: Any) -> Transfer:
    """Return a transfer of the site that ended, unless the fields say otherwise."""
    values = {"kind": TransferKind.EXPORT, "state": TransferState.DONE, **fields}
    return Transfer.objects.create(site=site, created_at=at, **values)


def refused(site: Site, *, now: datetime = NOW, size: int = 0) -> quotas.QuotaUsed:
    with pytest.raises(quotas.QuotaUsed) as raised:
        quotas.require(site, now=now, size=size)
    return raised.value


@pytest.mark.parametrize("state", [TransferState.WAITING, TransferState.RUNNING])
def test_so_many_are_under_way_at_once(site: Site, state: TransferState) -> None:
    for _ in range(quotas.OPEN - 1):
        started(site, state=state)
    quotas.require(site, now=NOW)
    last = started(site, state=state)
    refusal = refused(site)
    assert str(refusal).startswith("5 imports and exports of this site are under way.")
    assert refusal.retry_after == 60
    quotas.require(SiteFactory(), now=NOW)
    jobs.cancel(last, now=NOW, by=None)
    quotas.require(site, now=NOW)


def test_so_many_are_started_within_a_day(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "PER_DAY", 2)
    for at in (NOW + timedelta(hours=9), NOW - timedelta(hours=9), NOW):
        started(site, at=at)
    refusal = refused(site, now=NOW + timedelta(hours=23))
    assert str(refusal) == "This site has started 2 imports and exports within a day."
    assert refusal.retry_after == 3600
    quotas.require(SiteFactory(), now=NOW + timedelta(hours=23))
    quotas.require(site, now=NOW + DAY)


def test_whoever_is_refused_waits_for_a_second_at_the_least(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "PER_DAY", 1)
    started(site)
    assert refused(site, now=NOW + DAY - timedelta(seconds=0.5)).retry_after == 1
    assert refused(site, now=NOW + DAY - timedelta(seconds=2)).retry_after == 2


def test_the_files_of_a_site_have_so_many_bytes(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "STORED_BYTES", 10)
    quotas.require(site, now=NOW, size=10)
    for _ in range(2):
        started(site, file_bytes=4)
    quotas.require(site, now=NOW, size=2)
    refusal = refused(site, size=3)
    assert "have 8 bytes, of 10 that they may have" in str(refusal)
    assert refusal.retry_after == 3600
    quotas.require(SiteFactory(), now=NOW, size=3)


def test_a_site_whose_files_fill_its_room_may_start_what_brings_none(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "STORED_BYTES", 10)
    started(site, file_bytes=10)
    quotas.require(site, now=NOW)


def test_a_file_that_no_site_may_bring_is_too_large(site: Site) -> None:
    quotas.require(site, now=NOW, size=files.MAX_BYTES)
    with pytest.raises(files.TooLarge):
        quotas.require(site, now=NOW, size=files.MAX_BYTES + 1)


def test_what_is_refused_is_not_started(site: Site) -> None:
    for _ in range(quotas.OPEN):
        jobs.start_export(site, name="native", now=NOW)
    with pytest.raises(quotas.QuotaUsed):
        jobs.start_export(site, name="native", now=NOW)
    assert Transfer.objects.count() == quotas.OPEN
