"""Transfers as jobs: how an upload is stored, and what starts and ends with a file."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from comments.models import Comment, Site
from moderation.intake.transfers import files, jobs, quotas, tasks, worker
from moderation.intake.transfers.files import TooLarge, path_of
from moderation.intake.transfers.jobs import FileNotReady
from moderation.models import Transfer, TransferKind, TransferState
from tests.comments.formats.hostile import Row, native
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "transfers"


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    sent: list[Any] = []
    monkeypatch.setattr(tasks, "enqueue_transfer", sent.append)
    return sent


# Uploads.


def test_an_upload_is_kept_for_the_import_that_was_started(
    site: Site, folder: Path, enqueued: list[Any]
) -> None:
    with files.stored_upload([b"one ", b"two"]) as file:
        transfer = jobs.start_import(site, file, name="auto", now=NOW)
    assert file.digest == hashlib.sha256(b"one two").hexdigest()
    assert transfer.pk == file.transfer_id
    assert path_of(transfer).read_bytes() == b"one two"
    assert enqueued == [transfer.pk]


def test_an_upload_without_an_import_is_deleted(folder: Path) -> None:
    with files.stored_upload([b"one"]):
        assert len(list(folder.iterdir())) == 1
    assert list(folder.iterdir()) == []


def test_an_upload_is_deleted_when_the_import_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="No such format"), files.stored_upload([b"one"]):
        raise ValueError("No such format")
    assert list(folder.iterdir()) == []


def test_an_upload_may_be_as_large_as_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 6)
    with files.stored_upload([b"abc", b"def"]) as file:
        assert file.digest == hashlib.sha256(b"abcdef").hexdigest()


def test_an_upload_over_the_limit_is_refused_and_deleted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 5)
    with pytest.raises(TooLarge, match="5 bytes at most"), files.stored_upload([b"abc", b"def"]):
        pass
    assert list(folder.iterdir()) == []


# Jobs.


def test_an_import_stores_its_options(site: Site, enqueued: list[Any]) -> None:
    with files.stored_upload([b"one"]) as file:
        jobs.start_import(
            site, file, name="isso", now=NOW, base_url="https://gazette.example", dry_run=True
        )
    transfer = Transfer.objects.get()
    assert (transfer.site, transfer.kind, transfer.format) == (site, TransferKind.IMPORT, "isso")
    assert (transfer.base_url, transfer.dry_run) == ("https://gazette.example", True)
    assert (transfer.created_at, transfer.state) == (NOW, TransferState.WAITING)


def test_an_import_is_no_dry_run_unless_asked_for(site: Site, enqueued: list[Any]) -> None:
    with files.stored_upload([b"one"]) as file:
        transfer = jobs.start_import(site, file, name="auto", now=NOW)
    assert (transfer.dry_run, transfer.base_url) == (False, "")


def test_an_upload_beyond_the_room_of_its_site_is_refused_and_deleted(
    upload: Callable[..., Transfer], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "STORED_BYTES", 7)
    upload(b"four")
    with pytest.raises(quotas.QuotaUsed, match="have 4 bytes, of 7"):
        upload(b"four")
    assert len(list(folder.iterdir())) == Transfer.objects.count() == 1


@pytest.mark.parametrize("with_addresses", [True, False])
def test_an_export_stores_its_options_and_is_enqueued(
    site: Site, enqueued: list[Any], with_addresses: bool
) -> None:
    options = {"with_addresses": True} if with_addresses else {}
    jobs.start_export(site, name="native", now=NOW, **options)
    transfer = Transfer.objects.get()
    assert (transfer.site, transfer.kind, transfer.format) == (site, TransferKind.EXPORT, "native")
    assert (transfer.with_addresses, transfer.created_at) == (with_addresses, NOW)
    assert enqueued == [transfer.pk]


@pytest.mark.parametrize("state", [TransferState.DONE, TransferState.CANCELLED])
def test_what_has_ended_is_not_cancelled(site: Site, state: TransferState) -> None:
    ended = export(site, state=state)
    with pytest.raises(jobs.TransferEnded, match="It has ended already"):
        jobs.cancel(ended, now=NOW, by=None)
    ended.refresh_from_db()
    assert (ended.state, ended.finished_at) == (state, None)


# Downloads.


def export(site: Site, *, name: str = "native", state: TransferState = TransferState.DONE):
    return Transfer.objects.create(
        site=site, kind=TransferKind.EXPORT, format=name, state=state, created_at=NOW
    )


@pytest.mark.parametrize(
    ("name", "suffix"), [("native", "jsonl"), ("disqus", "xml"), ("wordpress", "xml")]
)
def test_a_download_is_named_after_the_site_and_the_day(site: Site, name: str, suffix: str) -> None:
    transfer = export(site, name=name)
    path_of(transfer).touch()
    download = jobs.download(transfer, now=NOW, by=None)
    assert download.path == path_of(transfer)
    assert download.name == f"gazette-2026-11-24.{suffix}"


def test_an_export_that_is_not_done_or_has_no_file_has_no_download(site: Site) -> None:
    running, deleted = export(site, state=TransferState.RUNNING), export(site)
    path_of(running).touch()
    for transfer in (running, deleted):
        with pytest.raises(FileNotReady, match="There is no file"):
            jobs.download(transfer, now=NOW, by=None)


# Tasks.


def test_a_transfer_is_enqueued_after_the_commit(
    site: Site, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(tasks.run_transfer, "delay", sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        transfer = jobs.start_export(site, name="native", now=NOW)
        assert sent == []
    assert sent == [str(transfer.pk)]


def test_a_broker_that_is_down_does_not_fail_the_request(
    site: Site, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    def fail(transfer_id: str) -> None:
        raise ConnectionError("The broker is down.")

    monkeypatch.setattr(tasks.run_transfer, "delay", fail)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.start_export(site, name="native", now=NOW)
    assert Transfer.objects.get().state == TransferState.WAITING


def test_the_sweep_resumes_unfinished_transfers_and_deletes_expired_files(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[bool] = []
    monkeypatch.setattr(tasks.run_transfer, "delay", lambda: sent.append(True))
    expired = export(site)
    export(site, state=TransferState.WAITING)
    Transfer.objects.filter(pk=expired.pk).update(finished_at=NOW - timedelta(days=999))
    path_of(expired).touch()
    tasks.sweep_transfers()
    assert sent == [True]
    assert not path_of(expired).exists()


# A dry run, and the import after it.


def checked(upload: Callable[..., Transfer], content: bytes) -> Transfer:
    transfer = upload(content, dry_run=True, options={"also": ["review"]})
    worker.run(transfer.pk, now=NOW)
    transfer.refresh_from_db()
    return transfer


def test_the_file_of_a_dry_run_is_imported_without_another_upload(
    upload: Callable[..., Transfer], tmp_path: Path
) -> None:
    native([Row(1), Row(2)], tmp_path / "export")
    dry = checked(upload, (tmp_path / "export").read_bytes())
    assert (dry.created, Comment.objects.count(), dry.file_bytes > 0) == (2, 0, True)
    started = jobs.start_checked(dry, now=NOW, by=None)
    worker.run(started.pk, now=NOW)
    started.refresh_from_db()
    assert (started.created, started.options, Comment.objects.count()) == (2, dry.options, 2)
    with pytest.raises(FileNotReady, match="There is no file"):
        jobs.start_checked(dry, now=NOW, by=None)


def test_the_file_of_a_dry_run_is_kept_for_a_day(
    upload: Callable[..., Transfer], tmp_path: Path
) -> None:
    native([Row(1)], tmp_path / "export")
    dry = checked(upload, (tmp_path / "export").read_bytes())
    files.delete_expired(now=NOW + files.CHECKED_LIFETIME)
    assert jobs.is_checked(dry)
    files.delete_expired(now=NOW + files.CHECKED_LIFETIME + timedelta(seconds=1))
    assert not jobs.is_checked(dry)
