"""Moving: a site's comments come in from a file, or go out into one, as a job."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from comments.models import Site
from moderation import tasks
from moderation.models import Transfer, TransferKind, TransferState
from moderation.transferring import file_of

# A file that is sent may have so many bytes.
MOST_BYTES = 2 * 1024**3


class NoFile(Exception):
    """An export is not ready, or no longer kept."""


class Download(NamedTuple):
    """A file to send, under a name that says what it is."""

    path: Path
    name: str


class TooLarge(ValueError):
    """The file is larger than what may be sent."""


def start_import(
    site: Site,
    pieces: Iterable[bytes],
    *,
    name: str,
    now: datetime,
    base_url: str = "",
    dry_run: bool = False,
) -> Transfer:
    """Keep a file that is sent in pieces, and start to import it; `name` is its format.

    Raises TooLarge; then nothing is kept.
    """
    transfer = Transfer(
        site=site,
        kind=TransferKind.IMPORT,
        format=name,
        base_url=base_url,
        dry_run=dry_run,
        created_at=now,
    )
    target, written = file_of(transfer), 0
    with target.open("xb") as out:
        for piece in pieces:
            written += len(piece)
            if written > MOST_BYTES:
                target.unlink()
                raise TooLarge(f"A file may have {MOST_BYTES} bytes at most.")
            out.write(piece)
    transfer.save(force_insert=True)
    tasks.wake_transfer(transfer.pk)
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
    tasks.wake_transfer(transfer.pk)
    return transfer


def download(transfer: Transfer) -> Download:
    """Return the file of an export. Raises NoFile."""
    file = file_of(transfer)
    if transfer.state != TransferState.DONE or not file.exists():
        raise NoFile("There is no file: it is not ready, or no longer kept.")
    suffix = "jsonl" if transfer.format == "native" else "xml"
    return Download(file, f"{transfer.site.slug}-{transfer.created_at:%Y-%m-%d}.{suffix}")
