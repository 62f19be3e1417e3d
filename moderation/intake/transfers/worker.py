"""Run imports and exports under a lease; when a worker dies, another one resumes them."""

import time
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from comments.formats import formats
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportProgress
from moderation.intake.transfers import importer
from moderation.models import Transfer, TransferKind, TransferState

LEASE = timedelta(minutes=5)
# How long an exported file is stored.
EXPORT_LIFETIME = timedelta(days=2)
LINES_PER_WRITE = 500


def file_of(transfer: Transfer) -> Path:
    """Return the path of a transfer's file; the directory is created."""
    folder = Path(settings.DATA_DIR) / "transfers"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / transfer.pk.hex


def run(transfer_id: UUID, *, now: datetime) -> None:
    """Run a transfer to its end, unless another worker has claimed it."""
    transfer = _claim(transfer_id, now=now)
    if transfer is None:
        return
    try:
        if transfer.kind == TransferKind.IMPORT:
            _import(transfer, now=now)
        else:
            _export(transfer, now=now)
        transfer.state = TransferState.DONE
    except (UnreadableFile, OSError) as error:
        transfer.state, transfer.error = TransferState.FAILED, str(error)[:500]
    transfer.finished_at, transfer.claimed_until = now, None
    transfer.save()
    if transfer.kind == TransferKind.IMPORT:
        file_of(transfer).unlink(missing_ok=True)


def unfinished(*, now: datetime) -> list[UUID]:
    """Return the ids of unfinished transfers that no worker has claimed."""
    unclaimed = Transfer.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=now),
        state__in=[TransferState.WAITING, TransferState.RUNNING],
    )
    return list(unclaimed.order_by("id").values_list("pk", flat=True))


def delete_expired_files(*, now: datetime) -> None:
    """Delete the files of transfers that finished longer than EXPORT_LIFETIME ago."""
    for transfer in Transfer.objects.filter(finished_at__lt=now - EXPORT_LIFETIME):
        file_of(transfer).unlink(missing_ok=True)


@transaction.atomic
def _claim(transfer_id: UUID, *, now: datetime) -> Transfer | None:
    locked = Transfer.objects.select_for_update(skip_locked=True, of=("self",))
    transfer = locked.filter(pk=transfer_id).first()
    if transfer is None or transfer.state in (TransferState.DONE, TransferState.FAILED):
        return None
    if transfer.claimed_until and transfer.claimed_until > now:
        return None
    transfer.state, transfer.claimed_until = TransferState.RUNNING, now + LEASE
    transfer.save(update_fields=["state", "claimed_until"])
    return transfer


def _import(transfer: Transfer, *, now: datetime) -> None:
    source = ImportFile(file_of(transfer), transfer.base_url)
    name, reader = formats.detect_format(source, transfer.format)
    transfer.format = name
    steps = importer.import_items(
        reader.read(source), site=transfer.site, source=name, now=now, dry_run=transfer.dry_run
    )
    started = time.monotonic()
    for progress in steps:
        transfer.percent = int(100 * reader.fraction_read(source))
        transfer.claimed_until = _renewed_lease(now, started)
        _save_progress(transfer, progress)
    transfer.percent = 100


def _save_progress(transfer: Transfer, progress: ImportProgress) -> None:

    transfer.created, transfer.skipped = progress.created, progress.skipped
    transfer.threads, transfer.problem_count = progress.threads, progress.problem_count
    transfer.problems = [f"{problem.location}: {problem.message}" for problem in progress.problems]
    transfer.save()


def _export(transfer: Transfer, *, now: datetime) -> None:
    target, started = file_of(transfer), time.monotonic()
    lines = formats.export(transfer.site, transfer.format, with_addresses=transfer.with_addresses)
    with target.open("w", encoding="utf-8", newline="\n") as out:
        while batch := list(islice(lines, LINES_PER_WRITE)):
            out.writelines(batch)
            transfer.claimed_until = _renewed_lease(now, started)
            transfer.save(update_fields=["claimed_until"])


def _renewed_lease(now: datetime, started: float) -> datetime:
    """Return the end of a lease renewed now; `started` is the monotonic time at which `now` was."""
    return now + timedelta(seconds=time.monotonic() - started) + LEASE
