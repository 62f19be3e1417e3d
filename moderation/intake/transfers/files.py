"""Store the files of transfers, and delete them once they have served: addresses are in them."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from comments.models.ids import new_id
from moderation.models import Transfer, TransferKind, TransferState

# The largest upload, in bytes.
MAX_BYTES = 2 * 1024**3
# How long an exported file is stored.
EXPORT_LIFETIME = timedelta(days=2)
# How long the file of a dry run is stored, so that its import needs no second upload.
CHECKED_LIFETIME = timedelta(days=1)
# A file without a transfer is an upload that goes on; after this time nobody sends it any more.
UPLOAD_LIFETIME = timedelta(days=1)


class TooLarge(ValueError):
    """Raised when an upload is larger than MAX_BYTES."""

    def __init__(self) -> None:
        super().__init__(
            gettext("A file may have %(number)s bytes at most.") % {"number": MAX_BYTES}
        )


class UploadedFile(NamedTuple):
    """A stored upload: the id of the import that it is for, its SHA-256 (hexadecimal), its size."""

    transfer_id: UUID
    digest: str
    size: int


def path_of(transfer: Transfer) -> Path:
    """Return the path of a transfer's file; the directory is created."""
    return stored_path(transfer.pk)


def stored_path(transfer_id: UUID) -> Path:
    """Return the path of the file of the transfer with this id; the directory is created."""
    return _folder() / transfer_id.hex


@contextmanager
def stored_upload(chunks: Iterable[bytes]) -> Iterator[UploadedFile]:
    """Store an upload, and delete it at exit unless an import of it was started.

    Raises TooLarge.
    """
    future = Transfer(pk=new_id())
    target = path_of(future)
    try:
        yield _write(future.pk, target, chunks)
    finally:
        if not Transfer.objects.filter(pk=future.pk).exists():
            target.unlink(missing_ok=True)


def delete(transfer: Transfer) -> None:
    """Delete the file of a transfer, if there is one."""
    path_of(transfer).unlink(missing_ok=True)
    Transfer.objects.filter(pk=transfer.pk).exclude(file_bytes=0).update(file_bytes=0)


def delete_expired(*, now: datetime) -> None:
    """Delete what no transfer needs any more, whatever happened to its worker or its site."""
    for path in _folder().iterdir():
        transfer = Transfer.objects.filter(pk__in=_ids(path)).first()
        if transfer is None:
            written = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
            if written < now - UPLOAD_LIFETIME:
                path.unlink(missing_ok=True)
        elif not is_needed(transfer, now=now):
            delete(transfer)


def is_needed(transfer: Transfer, *, now: datetime) -> bool:
    """Return whether a transfer is not done with its file, or somebody may still want it."""
    if transfer.finished_at is None:
        return True
    is_export = transfer.kind == TransferKind.EXPORT
    if transfer.state != TransferState.DONE or not (is_export or transfer.dry_run):
        return False
    lifetime = EXPORT_LIFETIME if is_export else CHECKED_LIFETIME
    return transfer.finished_at >= now - lifetime


def hand_over(transfer: Transfer, *, to: Transfer) -> None:
    """Make the file of a transfer that of another one."""
    path_of(transfer).rename(path_of(to))


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "transfers"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _ids(path: Path) -> list[UUID]:
    """Return the id of the transfer that a file is named after, if it is."""
    try:
        return [UUID(hex=path.name)]
    except ValueError:
        return []


def _write(transfer_id: UUID, target: Path, chunks: Iterable[bytes]) -> UploadedFile:
    written, digest = 0, hashlib.sha256()
    with target.open("xb") as out:
        for chunk in chunks:
            written += len(chunk)
            if written > MAX_BYTES:
                raise TooLarge
            out.write(chunk)
            digest.update(chunk)
    return UploadedFile(transfer_id, digest.hexdigest(), written)
