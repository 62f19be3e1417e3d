"""Every import and export ends, with a sentence and without its file, whatever happens."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from comments.formats import export_formats
from comments.formats.sandbox.reader import ReaderDied
from comments.models import Comment, Site
from moderation.intake.transfers import files, importer, jobs, replies, schedule, worker
from moderation.models import Transfer, TransferState
from tests.comments.formats.hostile import Row, native
from tests.factories import NOW, SiteFactory

pytestmark = pytest.mark.django_db
Upload = Callable[..., Transfer]


@pytest.fixture
def export(tmp_path: Path) -> bytes:
    """Three comments in our own format."""
    native([Row(n) for n in range(3)], tmp_path / "export")
    return (tmp_path / "export").read_bytes()


def fails_with(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any, **__: Any) -> Any:
        raise error

    return fail


def try_until_the_end(transfer: Transfer) -> int:
    """Run a transfer whenever it is due; return how often it was tried."""
    now, tries = NOW, 0
    while transfer.state in (TransferState.WAITING, TransferState.RUNNING) and tries < 50:
        now += timedelta(hours=1)
        worker.run(transfer.pk, now=now)
        transfer.refresh_from_db()
        tries += 1
    return tries


@pytest.mark.parametrize(
    "error", [OperationalError("away"), ReaderDied("killed"), RuntimeError(), MemoryError()]
)
def test_an_error_is_tried_again_and_then_ends_the_import(
    upload: Upload, export: bytes, folder: Path, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "import_items", fails_with(error))
    transfer = upload(export)
    assert try_until_the_end(transfer) == schedule.MAX_ATTEMPTS
    assert transfer.state == TransferState.FAILED
    assert transfer.error.startswith("It was tried 5 times")
    assert list(folder.iterdir()) == []


def test_a_worker_that_dies_each_time_ends_the_import(
    upload: Upload, export: bytes, folder: Path
) -> None:
    transfer, now = upload(export), NOW
    for _ in range(schedule.MAX_ATTEMPTS):
        assert schedule.claim(transfer.pk, now=now)
        now += schedule.LEASE * 2
    assert schedule.claim(transfer.pk, now=now) is None
    transfer.refresh_from_db()
    assert (transfer.state, list(folder.iterdir())) == (TransferState.FAILED, [])
    assert schedule.due(now=now) == []


def test_a_file_that_is_no_export_ends_the_import_at_once(upload: Upload, folder: Path) -> None:
    transfer = upload(b"garbage")
    assert try_until_the_end(transfer) == 1
    assert transfer.error.startswith("This is no file of any known format")
    assert list(folder.iterdir()) == []


def test_an_import_that_was_interrupted_goes_on_and_counts_once(
    upload: Upload, export: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 1)
    transfer = upload(export)
    with monkeypatch.context() as patched:
        patched.setattr(replies, "link_replies", fails_with(OperationalError("away")))
        worker.run(transfer.pk, now=NOW)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.created) == (TransferState.WAITING, 3)
    try_until_the_end(transfer)
    assert (transfer.state, transfer.created, transfer.skipped) == (TransferState.DONE, 3, 0)
    assert Comment.objects.count() == 3


def test_two_ids_that_become_one_are_a_problem_of_their_row(upload: Upload, tmp_path: Path) -> None:
    first = "019a0000-0000-7000-8000-0000000000"
    rows = [Row(1, native_id=f"{first}01"), Row(2, native_id=f"{first}02"), Row(3)]
    native(rows, tmp_path / "export")
    transfer = upload((tmp_path / "export").read_bytes())
    try_until_the_end(transfer)
    assert (transfer.state, transfer.created, transfer.threads) == (TransferState.DONE, 2, 1)
    assert transfer.problems == [f"comment {first}02: it can't be stored: another one has its id"]


def test_an_export_that_fails_leaves_no_file(
    site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_formats, "export", fails_with(OSError("no space")))
    transfer = jobs.start_export(site, name="native", now=NOW)
    try_until_the_end(transfer)
    assert (transfer.state, list(folder.iterdir())) == (TransferState.FAILED, [])


def test_an_export_that_grows_too_large_ends(
    site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "MAX_EXPORT_BYTES", 10)
    transfer = jobs.start_export(site, name="native", now=NOW)
    assert try_until_the_end(transfer) == 1
    assert (transfer.state, list(folder.iterdir())) == (TransferState.FAILED, [])


def test_a_cancelled_import_has_no_file_and_is_never_run(
    upload: Upload, export: bytes, folder: Path
) -> None:
    transfer = jobs.cancel(upload(export), now=NOW, by=None)
    assert list(folder.iterdir()) == []
    worker.run(transfer.pk, now=NOW)
    transfer.refresh_from_db()
    assert (transfer.state, Comment.objects.count()) == (TransferState.CANCELLED, 0)
    with pytest.raises(jobs.TransferEnded):
        jobs.cancel(transfer, now=NOW, by=None)


def test_a_running_import_stops_when_it_is_cancelled(
    upload: Upload, export: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 1)
    transfer = upload(export)
    store = importer._store_items

    def cancel_then_store(*args: Any, **options: Any) -> Any:
        if Comment.objects.count() == 1:
            jobs.cancel(transfer, now=NOW, by=None)
        return store(*args, **options)

    monkeypatch.setattr(importer, "_store_items", cancel_then_store)
    worker.run(transfer.pk, now=NOW)
    transfer.refresh_from_db()
    assert (transfer.state, Comment.objects.count()) == (TransferState.CANCELLED, 2)


def test_a_worker_that_lost_its_lease_changes_nothing(upload: Upload, export: bytes) -> None:
    transfer = upload(export)
    late = schedule.claim(transfer.pk, now=NOW)
    assert late
    worker.run(transfer.pk, now=NOW + schedule.LEASE * 2)
    with pytest.raises(schedule.ClaimLost):
        late.finish(TransferState.FAILED)
    transfer.refresh_from_db()
    assert transfer.state == TransferState.DONE


@pytest.mark.parametrize(("most", "state"), [(10, TransferState.DONE), (9, TransferState.FAILED)])
def test_an_export_may_have_so_many_bytes(
    site: Site, monkeypatch: pytest.MonkeyPatch, most: int, state: TransferState
) -> None:
    monkeypatch.setattr(worker, "MAX_EXPORT_BYTES", most)
    monkeypatch.setattr(export_formats, "export", lambda *_, **__: iter(["123456789\n"]))
    transfer = jobs.start_export(site, name="native", now=NOW)
    try_until_the_end(transfer)
    assert transfer.state == state


def test_a_cancelled_export_stops_at_its_next_batch(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LINES_PER_WRITE", 1)
    transfer, read = jobs.start_export(site, name="native", now=NOW), []

    def export(*_: Any, **__: Any) -> Iterator[str]:
        for n in range(4):
            read.append(n)
            if n == 1:
                jobs.cancel(transfer, now=NOW, by=None)
            yield f"{n}\n"

    monkeypatch.setattr(export_formats, "export", export)
    worker.run(transfer.pk, now=NOW)
    assert read == [0, 1]


@pytest.mark.parametrize(
    ("meanwhile", "is_kept"),
    [
        (lambda transfer: jobs.cancel(transfer, now=NOW, by=None), False),
        (lambda transfer: transfer.delete(), False),
        (lambda _: Transfer.objects.update(claimed_until=NOW + 2 * schedule.LEASE), True),
    ],
    ids=["cancelled", "deleted with its site", "with another worker"],
)
def test_an_export_that_is_lost_while_it_is_written_leaves_its_file_to_another_worker_alone(
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[Transfer], Any],
    is_kept: bool,
) -> None:
    transfer = jobs.start_export(site, name="native", now=NOW)
    path = files.path_of(transfer)

    def export(*_: Any, **__: Any) -> Iterator[str]:
        meanwhile(Transfer.objects.get())
        return iter(["line\n"])

    monkeypatch.setattr(export_formats, "export", export)
    worker.run(transfer.pk, now=NOW)
    assert path.exists() is is_kept


def test_what_nobody_runs_ends_and_its_file_goes(
    upload: Upload, export: bytes, folder: Path
) -> None:
    transfer = upload(export)
    worker.maintain(now=NOW + schedule.MAX_AGE - timedelta(minutes=1))
    assert len(list(folder.iterdir())) == 1
    worker.maintain(now=NOW + schedule.MAX_AGE + timedelta(minutes=1))
    transfer.refresh_from_db()
    assert (transfer.state, list(folder.iterdir())) == (TransferState.FAILED, [])


def test_the_file_of_an_import_that_is_gone_goes(
    upload: Upload, export: bytes, folder: Path
) -> None:
    upload(export).delete()
    worker.maintain(now=datetime.now(NOW.tzinfo) + files.UPLOAD_LIFETIME + timedelta(minutes=1))
    assert list(folder.iterdir()) == []


def test_an_exported_file_is_kept_for_two_days(site: Site, folder: Path) -> None:
    transfer = jobs.start_export(site, name="native", now=NOW)
    worker.run(transfer.pk, now=NOW)
    transfer.refresh_from_db()
    assert transfer.file_bytes == next(folder.iterdir()).stat().st_size
    worker.maintain(now=NOW + files.EXPORT_LIFETIME)
    assert len(list(folder.iterdir())) == 1
    worker.maintain(now=NOW + files.EXPORT_LIFETIME + timedelta(minutes=1))
    assert list(folder.iterdir()) == []


def test_the_exports_of_one_site_leave_others_their_turn() -> None:
    greedy, modest = SiteFactory(), SiteFactory()
    for n in range(4):
        jobs.start_export(greedy, name="native", now=NOW + timedelta(seconds=n))
    jobs.start_export(modest, name="native", now=NOW + timedelta(minutes=1))
    while worker.run_next(now=NOW + timedelta(hours=1) + timedelta(seconds=_ended())):
        pass
    ended = Transfer.objects.order_by("finished_at").values_list("site", flat=True)
    assert list(ended) == [greedy.pk, modest.pk, greedy.pk, greedy.pk, greedy.pk]


def _ended() -> int:
    return Transfer.objects.exclude(finished_at=None).count()


def test_while_a_site_imports_another_has_its_turn(
    site: Site, upload: Upload, export: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = upload(export), upload(export)
    other = jobs.start_export(SiteFactory(), name="native", now=NOW)
    states = []
    store = importer._store_items

    def store_while_another_process_runs(*args: Any, **options: Any) -> Any:
        worker.run_next(now=NOW)
        states.extend(Transfer.objects.order_by("pk").values_list("pk", "state"))
        return store(*args, **options)

    monkeypatch.setattr(importer, "_store_items", store_while_another_process_runs)
    worker.run(first.pk, now=NOW)
    assert dict(states) == {
        first.pk: TransferState.RUNNING,
        second.pk: TransferState.WAITING,
        other.pk: TransferState.DONE,
    }


def test_a_site_has_one_that_runs_at_a_time(site: Site) -> None:
    first, second = (jobs.start_export(site, name="native", now=NOW) for _ in range(2))
    other = jobs.start_export(SiteFactory(), name="native", now=NOW)
    assert schedule.claim(first.pk, now=NOW)
    assert schedule.claim(second.pk, now=NOW) is None
    assert schedule.due(now=NOW) == [other.pk]
