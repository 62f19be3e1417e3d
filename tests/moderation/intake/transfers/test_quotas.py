"""What one site may start: more of it is refused, with the time to come again."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from comments.models import Site
from moderation.intake.transfers import files, jobs, quotas, worker
from moderation.models import Transfer
from tests.factories import NOW, SiteFactory

pytestmark = pytest.mark.django_db


def test_so_many_are_under_way_at_once(site: Site) -> None:
    for _ in range(quotas.OPEN):
        last = jobs.start_export(site, name="native", now=NOW)
    with pytest.raises(quotas.QuotaUsed, match="under way"):
        jobs.start_export(site, name="native", now=NOW)
    jobs.start_export(SiteFactory(), name="native", now=NOW)
    jobs.cancel(last, now=NOW, by=None)
    jobs.start_export(site, name="native", now=NOW)


def test_so_many_are_started_within_a_day(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "PER_DAY", 2)
    for _ in range(2):
        worker.run(jobs.start_export(site, name="native", now=NOW).pk, now=NOW)
    with pytest.raises(quotas.QuotaUsed) as refused:
        quotas.require(site, now=NOW + timedelta(hours=23))
    assert refused.value.retry_after == 3600
    quotas.require(site, now=NOW + timedelta(hours=24))


def test_the_files_of_a_site_have_so_many_bytes(
    site: Site, upload: Callable[..., Transfer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "STORED_BYTES", 10)
    transfer = upload(b"x" * 8)
    with pytest.raises(quotas.QuotaUsed, match="8 bytes"):
        quotas.require(site, now=NOW, size=3)
    quotas.require(SiteFactory(), now=NOW, size=3)
    jobs.cancel(transfer, now=NOW, by=None)
    quotas.require(site, now=NOW, size=3)


def test_a_file_that_no_site_may_bring_is_too_large(site: Site) -> None:
    with pytest.raises(files.TooLarge):
        quotas.require(site, now=NOW, size=files.MAX_BYTES + 1)
