"""Run imports and exports; whatever happens, each ends, with a sentence about what went wrong."""

import logging
from collections import Counter
from datetime import datetime
from itertools import islice
from uuid import UUID

from comments.formats import export_formats
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ALREADY_HERE, ImportProgress
from comments.formats.options import ImportOptions
from comments.formats.sandbox import reader
from comments.formats.sandbox.reader import ReaderDied, Reading
from moderation.intake.transfers import files, importer, schedule
from moderation.intake.transfers.schedule import MAX_ATTEMPTS, Claim, ClaimLost
from moderation.models import (
    AuditAction,
    AuditRecord,
    SystemActor,
    Transfer,
    TransferKind,
    TransferState,
)
from moderation.notifications import disclosure

logger = logging.getLogger(__name__)

LINES_PER_WRITE = 500
# The largest export, in bytes.
MAX_EXPORT_BYTES = 4 * 1024**3


class TooMuchToExport(Exception):
    """Raised when an export would be larger than MAX_EXPORT_BYTES."""


def run_next(*, now: datetime) -> bool:
    """Run the transfer whose turn it is; return whether more of them wait."""
    due = schedule.due(now=now)
    if not due:
        return False
    run(due[0], now=now)
    return bool(schedule.due(now=now))


def run(transfer_id: UUID, *, now: datetime) -> None:
    """Run a transfer to its end, unless another worker has claimed it."""
    claim = schedule.claim(transfer_id, now=now)
    if claim is None:
        return
    try:
        _try(claim)
    except ClaimLost:
        logger.info("transfer %s was cancelled, or is with another worker", transfer_id)
        _clean_up(claim.transfer)


def maintain(*, now: datetime) -> None:
    """End what nobody finishes, and delete the files that nobody needs."""
    schedule.end_abandoned(now=now)
    files.delete_expired(now=now)


def _try(claim: Claim) -> None:
    transfer = claim.transfer
    try:
        if transfer.kind == TransferKind.IMPORT:
            _import(claim)
        else:
            _export(claim)
        claim.finish(TransferState.DONE, percent=100, attempts=0, file_bytes=_size(transfer))
    except ClaimLost:
        raise
    except (UnreadableFile, TooMuchToExport) as error:
        claim.finish(TransferState.FAILED, error=str(error)[:500])
    except Exception as error:
        _try_again(claim, error)
    if not files.is_needed(transfer, now=claim.now):
        files.delete(transfer)


def _try_again(claim: Claim, error: Exception) -> None:
    """Put the transfer back after an error that may pass, or end it after the last try."""
    transfer = claim.transfer
    logger.warning("transfer %s, try %s", transfer.pk, transfer.attempts, exc_info=error)
    if transfer.attempts < MAX_ATTEMPTS:
        claim.put_back()
        return
    cause = str(error) if isinstance(error, ReaderDied) else type(error).__name__
    claim.finish(
        TransferState.FAILED, error=f"It was tried {MAX_ATTEMPTS} times. The last error: {cause}"
    )


def _import(claim: Claim) -> None:
    transfer = claim.transfer
    options = ImportOptions.from_json(transfer.options)
    source = ImportFile(files.path_of(transfer), transfer.base_url, options=options)
    with reader.opened(source, transfer.format, while_waiting=claim.renew) as reading:
        steps = importer.import_items(
            reading.items(),
            site=transfer.site,
            source=reading.format,
            now=claim.now,
            dry_run=transfer.dry_run,
        )
        earlier = _earlier(transfer)
        for progress in steps:
            _save_progress(claim, reading, progress, earlier)


def _earlier(transfer: Transfer) -> ImportProgress:
    """Return what earlier tries of an import have stored, and this one skips."""
    if transfer.dry_run:
        return ImportProgress()
    return ImportProgress(
        created=transfer.created,
        statuses=Counter(transfer.statuses),
        threads=transfer.threads,
    )


def _save_progress(
    claim: Claim, reading: Reading, progress: ImportProgress, earlier: ImportProgress
) -> None:
    # What is stored is never stored again, so that a try with progress need not be counted.
    has_advanced = progress.created > 0 and not claim.transfer.dry_run
    problems = [f"{problem.location}: {problem.message}" for problem in progress.problems]
    # What an earlier try has stored is here already, and counts as created.
    skipped = Counter(progress.skipped_because)
    skipped[ALREADY_HERE] -= earlier.created
    claim.renew(
        format=reading.format,
        percent=int(100 * reading.fraction),
        attempts=1 if has_advanced else claim.transfer.attempts,
        in_file=progress.in_file,
        created=earlier.created + progress.created,
        statuses=dict(earlier.statuses + progress.statuses),
        skipped_because={reason: count for reason, count in skipped.items() if count > 0},
        threads=earlier.threads + progress.threads,
        threads_met=progress.threads_met,
        meetings=progress.meetings,
        problems=problems,
        problem_count=progress.problem_count,
        note_count=progress.note_count,
    )


def _export(claim: Claim) -> None:
    transfer = claim.transfer
    lines = export_formats.export(
        transfer.site, transfer.format, address_of=_address_reader(transfer, claim.now)
    )
    with files.path_of(transfer).open("w", encoding="utf-8", newline="\n") as out:
        while batch := list(islice(lines, LINES_PER_WRITE)):
            out.writelines(batch)
            if out.tell() > MAX_EXPORT_BYTES:
                raise TooMuchToExport(f"The export has more than {MAX_EXPORT_BYTES} bytes.")
            claim.renew()


def _address_reader(transfer: Transfer, now: datetime) -> disclosure.AddressReader | None:
    """Return what reads the addresses, with its audit entry; None for an export without them."""
    if not transfer.with_addresses:
        return None
    record = AuditRecord(AuditAction.ADDRESSES_EXPORTED, transfer.site_id, transfer.pk)
    return disclosure.disclose(record, by=SystemActor.SERVICE, now=now)


def _size(transfer: Transfer) -> int:
    path = files.path_of(transfer)
    return path.stat().st_size if path.exists() else 0


def _clean_up(transfer: Transfer) -> None:
    """Delete the file that a cancelled export goes on writing."""
    still = Transfer.objects.filter(pk=transfer.pk).first()
    if still is None or still.state == TransferState.CANCELLED:
        files.delete(transfer)
