"""The files of transfers: who may read them, how long they are kept, and what is deleted when."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from comments.models import Site
from comments.models.ids import new_id
from moderation.intake.transfers import files
from moderation.models import Transfer, TransferKind, TransferState
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
IMPORT, EXPORT = TransferKind.IMPORT, TransferKind.EXPORT


def ended(site: Site, kind: TransferKind, **fields: Any) -> Transfer:
    """Return a transfer that ended just now, with its file."""
    values = {"state": TransferState.DONE, "finished_at": NOW, "file_bytes": 4, **fields}
    transfer = Transfer.objects.create(site=site, kind=kind, created_at=NOW, **values)
    files.path_of(transfer).write_bytes(b"file")
    return transfer


def stray(name: str, *, ago: timedelta) -> Path:
    """Write a file without a transfer, so long ago."""
    path = files.stored_path(new_id()).with_name(name)
    path.write_bytes(b"stray")
    at = (NOW - ago).timestamp()
    os.utime(path, (at, at))
    return path


def test_nobody_else_on_the_machine_reads_them(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "not" / "there"
    mask = os.umask(0)
    try:
        folder = files.stored_path(new_id()).parent
    finally:
        os.umask(mask)
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("kind", "fields", "kept_for"),
    [
        (EXPORT, {}, files.EXPORT_LIFETIME),
        (IMPORT, {"dry_run": True}, files.CHECKED_LIFETIME),
        (IMPORT, {}, None),
        (EXPORT, {"state": TransferState.FAILED}, None),
        (IMPORT, {"dry_run": True, "state": TransferState.CANCELLED}, None),
    ],
    ids=["export", "dry run", "import", "failed export", "cancelled dry run"],
)
def test_a_file_is_kept_as_long_as_somebody_may_want_it(
    site: Site, kind: TransferKind, fields: dict[str, Any], kept_for: timedelta | None
) -> None:
    transfer = ended(site, kind, **fields)
    assert files.is_needed(transfer, now=NOW + (kept_for or timedelta(0))) is (kept_for is not None)
    assert not files.is_needed(transfer, now=NOW + (kept_for or timedelta(0)) + SECOND)


@pytest.mark.parametrize("kind", [IMPORT, EXPORT])
def test_a_transfer_that_goes_on_needs_its_file(site: Site, kind: TransferKind) -> None:
    going_on = ended(site, kind, state=TransferState.RUNNING, finished_at=None)
    assert files.is_needed(going_on, now=NOW + timedelta(days=99))


def test_what_nobody_needs_is_deleted_and_counts_no_more(site: Site) -> None:
    gone, kept = ended(site, IMPORT), ended(site, EXPORT)
    files.delete_expired(now=NOW)
    assert (files.path_of(gone).exists(), files.path_of(kept).exists()) == (False, True)
    sizes = dict(Transfer.objects.values_list("pk", "file_bytes"))
    assert sizes == {gone.pk: 0, kept.pk: 4}


def test_what_has_no_file_can_be_deleted(site: Site) -> None:
    transfer = ended(site, IMPORT)
    for _ in range(2):
        files.delete(transfer)
    transfer.refresh_from_db()
    assert transfer.file_bytes == 0


@pytest.mark.parametrize("name", [new_id().hex, "not-an-id"], ids=["an id", "no id"])
def test_a_file_without_a_transfer_goes_after_a_day(name: str) -> None:
    path = stray(name, ago=timedelta(0))
    files.delete_expired(now=NOW + files.UPLOAD_LIFETIME)
    assert path.exists()
    files.delete_expired(now=NOW + files.UPLOAD_LIFETIME + SECOND)
    assert not path.exists()


def test_all_expired_files_go_at_once(folder: Path) -> None:
    for n in range(3):
        stray(f"stray-{n}", ago=timedelta(days=9))
    files.delete_expired(now=NOW)
    assert list(folder.iterdir()) == []


def test_a_file_is_handed_over_whole(site: Site) -> None:
    checked, started = ended(site, IMPORT, dry_run=True), ended(site, IMPORT)
    files.path_of(started).unlink()
    files.hand_over(checked, to=started)
    assert files.path_of(started).read_bytes() == b"file"
    assert not files.path_of(checked).exists()
