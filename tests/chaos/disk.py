"""A small disk for PostgreSQL, which can be filled up: a file system in memory."""

import errno
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTE = 1024 * 1024
# So that the log of the database does not fill the disk by itself.
POSTGRES = "-c max_wal_size=128MB"


class Disk:
    """A file system of its own, with what takes its place away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Take all that is free, to the last page."""
        with self._ballast.open("wb") as ballast:
            size, step = 0, 64 * MEGABYTE
            while step >= 4096:
                try:
                    os.posix_fallocate(ballast.fileno(), size, step)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    step //= 2
                else:
                    size += step

    def free(self) -> None:
        """Give the place back."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(megabytes: int) -> Iterator[Disk | None]:
    """Mount a disk for as long as the context; None where we may not mount anything."""
    with tempfile.TemporaryDirectory(prefix="leave-a-reply-disk-") as folder:
        size = f"size={megabytes}m,mode=0755"
        mount = ["mount", "-t", "tmpfs", "-o", size, "leave-a-reply", folder]
        try:
            mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            mounted = False
        if not mounted:
            yield None
            return
        try:
            yield Disk(Path(folder))
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
