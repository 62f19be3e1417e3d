"""What is on the record of a transfer: who began, ended and got it, and how far it came."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from comments.models import Site, User
from moderation.intake.transfers import importer, jobs, replies, schedule, worker
from moderation.intake.transfers.files import path_of
from moderation.models import AuditAction, AuditEntry, SystemActor, Transfer, TransferState
from tests.comments.formats.hostile import Row, native
from tests.factories import NOW, AuthorFactory, CommentFactory, MembershipFactory
from tests.submissions import EMAIL

pytestmark = pytest.mark.django_db
Upload = Callable[..., Transfer]


@pytest.fixture
def owner(site: Site) -> User:
    return MembershipFactory(site=site).user


@pytest.fixture
def rows(tmp_path: Path) -> bytes:
    """Three comments in our own format, on one page."""
    native([Row(n) for n in range(3)], tmp_path / "export")
    return (tmp_path / "export").read_bytes()


@pytest.fixture
def written(site: Site) -> None:
    """A comment whose author gave an address."""
    CommentFactory(thread__site=site, author=AuthorFactory(site=site, email=EMAIL))


def entry(action: AuditAction) -> AuditEntry:
    return AuditEntry.objects.get(act=action)


def ran(transfer: Transfer, **later: int) -> Transfer:
    worker.run(transfer.pk, now=NOW + timedelta(**later))
    transfer.refresh_from_db()
    return transfer


# Who.


@pytest.mark.parametrize("with_addresses", [True, False])
def test_who_began_an_export_and_whether_with_addresses(
    site: Site, owner: User, with_addresses: bool
) -> None:
    jobs.start_export(site, name="native", now=NOW, by=owner, with_addresses=with_addresses)
    begun = entry(AuditAction.EXPORT_STARTED)
    assert (begun.site, begun.by, begun.at) == (site, owner, NOW)
    assert begun.detail == {"format": "native", "with_addresses": with_addresses}


@pytest.mark.parametrize("dry_run", [True, False])
def test_who_began_an_import_and_whether_it_is_a_dry_run(
    upload: Upload, rows: bytes, owner: User, dry_run: bool
) -> None:
    transfer = upload(rows, name="native", by=owner, dry_run=dry_run)
    begun = entry(AuditAction.IMPORT_STARTED)
    assert (begun.site, begun.by, begun.at) == (transfer.site, owner, NOW)
    assert begun.detail == {"format": "native", "dry_run": dry_run}


def test_who_began_the_import_of_a_checked_file(upload: Upload, rows: bytes, owner: User) -> None:
    dry = ran(upload(rows, dry_run=True, base_url="https://gazette.example"))
    begun_before = set(AuditEntry.objects.values_list("pk", flat=True))
    started = jobs.start_checked(dry, now=NOW, by=owner)
    (begun,) = AuditEntry.objects.exclude(pk__in=begun_before)
    assert (begun.act, begun.by, begun.subject) == (
        AuditAction.IMPORT_STARTED,
        owner,
        str(started.pk),
    )
    assert begun.detail == {"format": dry.format, "dry_run": False}
    assert started.base_url == dry.base_url


def test_the_file_of_a_checked_import_counts_once_towards_the_quota(
    site: Site, upload: Upload, rows: bytes
) -> None:
    dry, other = ran(upload(rows, dry_run=True)), ran(upload(rows, dry_run=True))
    started = jobs.start_checked(dry, now=NOW, by=None)
    assert started.file_bytes == dry.file_bytes == len(rows)
    sizes = dict(Transfer.objects.values_list("pk", "file_bytes"))
    assert sizes == {dry.pk: 0, other.pk: len(rows), started.pk: len(rows)}


def test_a_dry_run_that_has_not_ended_is_not_to_be_imported(upload: Upload, rows: bytes) -> None:
    waiting = upload(rows, dry_run=True)
    assert path_of(waiting).exists()
    assert not jobs.is_checked(waiting)


def test_who_cancelled_and_nobody_elses_transfer(site: Site, owner: User) -> None:
    cancelled, kept = (jobs.start_export(site, name="native", now=NOW) for _ in range(2))
    assert schedule.claim(cancelled.pk, now=NOW)
    jobs.cancel(cancelled, now=NOW, by=owner)
    kept.refresh_from_db()
    assert (cancelled.state, cancelled.claimed_until) == (TransferState.CANCELLED, None)
    assert kept.state == TransferState.WAITING
    ended = entry(AuditAction.TRANSFER_CANCELLED)
    assert (ended.by, ended.at, ended.subject) == (owner, NOW, str(cancelled.pk))


# Addresses.


def test_an_export_with_addresses_has_them_and_is_on_the_record(site: Site, written: None) -> None:
    export = ran(jobs.start_export(site, name="native", now=NOW, with_addresses=True))
    assert EMAIL in path_of(export).read_text("utf-8")
    read = entry(AuditAction.ADDRESSES_EXPORTED)
    assert (read.site, read.who, read.at) == (site, str(SystemActor.SERVICE), NOW)
    assert read.subject == str(export.pk)


def test_an_export_without_addresses_has_none(site: Site, written: None) -> None:
    export = ran(jobs.start_export(site, name="native", now=NOW))
    assert path_of(export).read_text("utf-8").strip()
    assert EMAIL not in path_of(export).read_text("utf-8")
    assert not AuditEntry.objects.filter(act=AuditAction.ADDRESSES_EXPORTED).exists()


@pytest.mark.parametrize("with_addresses", [True, False])
def test_who_got_a_file_with_addresses(
    site: Site, owner: User, written: None, with_addresses: bool
) -> None:
    export = ran(jobs.start_export(site, name="native", now=NOW, with_addresses=with_addresses))
    jobs.download(export, now=NOW, by=owner)
    got = AuditEntry.objects.filter(act=AuditAction.ADDRESSES_DOWNLOADED)
    assert [(one.by, one.at, one.subject) for one in got] == (
        [(owner, NOW, str(export.pk))] if with_addresses else []
    )


def test_an_export_has_the_comments_of_its_site_alone(site: Site) -> None:
    CommentFactory(thread__site=site, body="Ours")
    CommentFactory(body="Elsewhere")
    text = path_of(ran(jobs.start_export(site, name="native", now=NOW))).read_text("utf-8")
    assert "Ours" in text
    assert "Elsewhere" not in text


# How far.


def test_an_import_tells_what_was_in_the_file_and_what_became_of_it(
    upload: Upload, rows: bytes
) -> None:
    first, again = ran(upload(rows)), ran(upload(rows))
    assert (first.format, first.percent, first.in_file) == ("native", 100, 3)
    assert (first.created, sum(first.statuses.values()), first.threads) == (3, 3, 1)
    assert first.skipped_because == {}
    assert (again.created, again.skipped, sum(again.skipped_because.values())) == (0, 3, 3)


def interrupted(transfer: Transfer, monkeypatch: pytest.MonkeyPatch) -> Transfer:
    """Run a transfer to where all comments are stored, and have it fail there."""

    def fail(*_: Any, **__: Any) -> Any:
        raise OperationalError("away")

    monkeypatch.setattr(importer, "BATCH", 1)
    with monkeypatch.context() as patched:
        patched.setattr(replies, "link_replies", fail)
        return ran(transfer)


def test_what_earlier_tries_stored_counts_once(
    upload: Upload, rows: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = interrupted(upload(rows), monkeypatch)
    statuses = dict(first.statuses)
    done = ran(first, hours=1)
    assert (done.state, done.created, done.threads) == (TransferState.DONE, 3, 1)
    assert (done.statuses, done.skipped_because) == (statuses, {})


def test_a_try_that_stored_something_is_not_counted(
    upload: Upload, rows: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer = upload(rows)
    Transfer.objects.update(attempts=schedule.MAX_ATTEMPTS - 2)
    assert interrupted(transfer, monkeypatch).attempts == 1


# The end.


def test_what_a_worker_is_at_is_not_abandoned(upload: Upload, rows: bytes) -> None:
    transfer = upload(rows)
    late = NOW + schedule.MAX_AGE + timedelta(minutes=1)
    assert schedule.claim(transfer.pk, now=late)
    worker.maintain(now=late)
    transfer.refresh_from_db()
    assert transfer.state == TransferState.RUNNING
    worker.maintain(now=late + schedule.LEASE)
    transfer.refresh_from_db()
    assert transfer.state == TransferState.FAILED


def test_what_has_ended_does_not_end_again(upload: Upload, rows: bytes) -> None:
    done = ran(upload(rows))
    worker.maintain(now=NOW + schedule.MAX_AGE * 2)
    done.refresh_from_db()
    assert done.state == TransferState.DONE


def test_where_nothing_waits_there_is_no_more_to_run() -> None:
    assert not worker.run_next(now=NOW)
