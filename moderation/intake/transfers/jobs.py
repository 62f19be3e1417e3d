"""Moving: a site's comments come in from a file, or go out into one, as a job."""

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

# A file that is sent may have so many bytes.
MOST_BYTES = 2 * 1024**3


class FileNotReady(Exception):
    """An export is not ready, or no longer kept."""


class Download(NamedTuple):
    """A file to send, under a name that says what it is."""

    path: Path
    name: str


class TooLarge(ValueError):
    """The file is larger than what may be sent."""


class UploadedFile(NamedTuple):
    """A file that was sent: the id of the import that it is for, and its SHA-256 (hexadecimal)."""

    transfer_id: UUID
    digest: str


@contextmanager
def kept(pieces: Iterable[bytes]) -> Iterator[UploadedFile]:
    """Keep a file that is sent in pieces; it goes again unless an import of it is started.

    Raises TooLarge.
    """
    future = Transfer(pk=new_id())
    target = file_of(future)
    try:
        yield UploadedFile(future.pk, _write(target, pieces))
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
    """Start to import a file that is kept; `name` is its format."""
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
    """Start to write a site's comments to a file, which lies ready for two days."""
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
    """Return the file of an export. Raises FileNotReady."""
    file = file_of(transfer)
    if transfer.state != TransferState.DONE or not file.exists():
        raise FileNotReady("There is no file: it is not ready, or no longer kept.")
    suffix = "jsonl" if transfer.format == "native" else "xml"
    return Download(file, f"{transfer.site.slug}-{transfer.created_at:%Y-%m-%d}.{suffix}")


def _write(target: Path, pieces: Iterable[bytes]) -> str:
    written, digest = 0, hashlib.sha256()
    with target.open("xb") as out:
        for piece in pieces:
            written += len(piece)
            if written > MOST_BYTES:
                raise TooLarge(f"A file may have {MOST_BYTES} bytes at most.")
            out.write(piece)
            digest.update(piece)
    return digest.hexdigest()
