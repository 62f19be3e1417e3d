"""Start, cancel and download imports and exports of a site's comments."""

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from comments.models import Site
from moderation.decisions import audit
from moderation.intake.transfers import files, quotas, tasks
from moderation.intake.transfers.files import UploadedFile
from moderation.models import Actor, AuditAction, Transfer, TransferKind, TransferState
from moderation.models.transfer import OPEN_STATES

NOT_READY = gettext_noop("There is no file: it is not ready, or no longer kept.")


class FileNotReady(Exception):
    """Raised when an export's file is not ready, or was deleted."""


class TransferEnded(Exception):
    """Raised when a transfer is cancelled that has ended."""

    code = "job-ended"


class Download(NamedTuple):
    """An exported file, and the name to send it under."""

    path: Path
    name: str


def start_import(
    site: Site,
    file: UploadedFile,
    *,
    name: str,
    now: datetime,
    by: Actor | None = None,
    **options: Any,
) -> Transfer:
    """Create an import of a stored upload, and enqueue it after commit.

    `name` is its format; `options` are `base_url`, `dry_run`, and `options`, which
    `ImportOptions.to_json` returned. Raises QuotaUsed.
    """
    transfer = Transfer(
        pk=file.transfer_id,
        site=site,
        kind=TransferKind.IMPORT,
        format=name,
        **options,
        file_bytes=file.size,
        created_at=now,
    )
    detail = {"format": name, "dry_run": transfer.dry_run}
    return _start(transfer, AuditAction.IMPORT_STARTED, detail, by=by)


@transaction.atomic
def start_checked(checked: Transfer, *, now: datetime, by: Actor | None) -> Transfer:
    """Start the import of the file that a dry run has read, with the same options.

    Raises FileNotReady where it is started already or the file is no longer kept, and QuotaUsed.
    """
    checked = Transfer.objects.select_for_update(of=("self",)).get(pk=checked.pk)
    if not is_checked(checked):
        raise FileNotReady(NOT_READY)
    transfer = Transfer(
        site=checked.site,
        kind=TransferKind.IMPORT,
        format=checked.format,
        base_url=checked.base_url,
        options=checked.options,
        file_bytes=checked.file_bytes,
        created_at=now,
    )
    # The file counts once.
    Transfer.objects.filter(pk=checked.pk).update(file_bytes=0)
    detail = {"format": checked.format, "dry_run": False}
    _start(transfer, AuditAction.IMPORT_STARTED, detail, by=by)
    files.hand_over(checked, to=transfer)
    return transfer


def is_checked(transfer: Transfer) -> bool:
    """Return whether a transfer is a dry run whose file waits to be imported."""
    is_done = transfer.dry_run and transfer.state == TransferState.DONE
    return is_done and files.path_of(transfer).exists()


def start_export(
    site: Site,
    *,
    name: str,
    now: datetime,
    by: Actor | None = None,
    with_addresses: bool = False,
) -> Transfer:
    """Create an export of a site's comments, and enqueue it; `name` is its format.

    Raises QuotaUsed.
    """
    transfer = Transfer(
        site=site,
        kind=TransferKind.EXPORT,
        format=name,
        with_addresses=with_addresses,
        created_at=now,
    )
    detail = {"format": name, "with_addresses": with_addresses}
    return _start(transfer, AuditAction.EXPORT_STARTED, detail, by=by)


@transaction.atomic
def cancel(transfer: Transfer, *, now: datetime, by: Actor | None) -> Transfer:
    """End a transfer that waits or runs, and delete its file. Raises TransferEnded.

    What was imported stays. A worker that is at it stops at its next batch.
    """
    ended: dict[str, Any] = {"state": TransferState.CANCELLED, "finished_at": now}
    still_open = Transfer.objects.filter(pk=transfer.pk, state__in=OPEN_STATES)
    if not still_open.update(**ended, claimed_until=None):
        raise TransferEnded(gettext("It has ended already."))
    _record(AuditAction.TRANSFER_CANCELLED, transfer, by=by, now=now)
    files.delete(transfer)
    transfer.refresh_from_db()
    return transfer


def is_ready(transfer: Transfer) -> bool:
    """Return whether there is a file of an export to download."""
    is_export = transfer.kind == TransferKind.EXPORT
    return is_export and transfer.state == TransferState.DONE and files.path_of(transfer).exists()


def download(transfer: Transfer, *, now: datetime, by: Actor | None) -> Download:
    """Return the file of a finished export, and write down who got one with addresses.

    Raises FileNotReady.
    """
    file = files.path_of(transfer)
    if not is_ready(transfer):
        raise FileNotReady(NOT_READY)
    if transfer.with_addresses:
        _record(AuditAction.ADDRESSES_DOWNLOADED, transfer, by=by, now=now)
    suffix = "jsonl" if transfer.format == "native" else "xml"
    return Download(file, f"{transfer.site.slug}-{transfer.created_at:%Y-%m-%d}.{suffix}")


@transaction.atomic
def _start(
    transfer: Transfer, action: AuditAction, detail: dict[str, Any], *, by: Actor | None
) -> Transfer:
    # One after another, or two that start at once would both find room for one.
    Site.objects.select_for_update().get(pk=transfer.site_id)
    quotas.require(transfer.site, now=transfer.created_at, size=transfer.file_bytes)
    transfer.save(force_insert=True)
    _record(action, transfer, by=by, now=transfer.created_at, detail=detail)
    tasks.enqueue_transfer(transfer.pk)
    return transfer


def _record(
    action: AuditAction,
    transfer: Transfer,
    *,
    by: Actor | None,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    audit.record(action, site=transfer.site, by=by, now=now, subject=transfer.pk, detail=detail)
