"""Start imports and exports of a site's comments as background jobs, and store their files."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from comments.models import Site
from comments.models.ids import new_id
from moderation.intake.transfers import tasks
from moderation.intake.transfers.worker import file_of
from moderation.models import Transfer, TransferKind, TransferState

# The largest upload, in bytes.
MAX_BYTES = 2 * 1024**3


class FileNotReady(Exception):
    """Raised when an export's file is not ready, or was deleted."""


class Download(NamedTuple):
    """An exported file, and the name to send it under."""

    path: Path
    name: str


class TooLarge(ValueError):
    """Raised when an upload is larger than MAX_BYTES."""


class UploadedFile(NamedTuple):
    """A stored upload: the id of the import that it is for, and its SHA-256 (hexadecimal)."""

    transfer_id: UUID
    digest: str


@contextmanager
def stored_upload(chunks: Iterable[bytes]) -> Iterator[UploadedFile]:
    """Store an upload, and delete it at exit unless an import of it was started.

    Raises TooLarge.
    """
    future = Transfer(pk=new_id())
    target = file_of(future)
    try:
        yield UploadedFile(future.pk, _write(target, chunks))
    finally:
        if not Transfer.objects.filter(pk=future.pk).exists():
            target.unlink(missing_ok=True)


def start_import(
    site: Site,
    file: UploadedFile,
    *,
    name: str,
    now: datetime,
    base_url: str = "",
    dry_run: bool = False,
) -> Transfer:
    """Create an import of a stored upload, and enqueue it after commit; `name` is its format."""
    transfer = Transfer.objects.create(
        pk=file.transfer_id,
        site=site,
        kind=TransferKind.IMPORT,
        format=name,
        base_url=base_url,
        dry_run=dry_run,
        created_at=now,
    )
    tasks.enqueue_transfer(transfer.pk)
    return transfer


def start_export(
    site: Site,
    *,
    name: str,
    now: datetime,
    with_addresses: bool = False,
) -> Transfer:
    """Create an export of a site's comments, and enqueue it; `name` is its format."""
    transfer = Transfer.objects.create(
        site=site,
        kind=TransferKind.EXPORT,
        format=name,
        with_addresses=with_addresses,
        created_at=now,
    )
    tasks.enqueue_transfer(transfer.pk)
    return transfer


def download(transfer: Transfer) -> Download:
    """Return the file of a finished export. Raises FileNotReady."""
    file = file_of(transfer)
    if transfer.state != TransferState.DONE or not file.exists():
        raise FileNotReady("There is no file: it is not ready, or no longer kept.")
    suffix = "jsonl" if transfer.format == "native" else "xml"
    return Download(file, f"{transfer.site.slug}-{transfer.created_at:%Y-%m-%d}.{suffix}")


def _write(target: Path, chunks: Iterable[bytes]) -> str:
    written, digest = 0, hashlib.sha256()
    with target.open("xb") as out:
        for chunk in chunks:
            written += len(chunk)
            if written > MAX_BYTES:
                raise TooLarge(f"A file may have {MAX_BYTES} bytes at most.")
            out.write(chunk)
            digest.update(chunk)
    return digest.hexdigest()
