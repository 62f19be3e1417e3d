"""Keep what is stored from other users of the machine: files 600, folders 700."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
# What the service keeps in its folder. Anything else in there is somebody else's; what is collected
# in `static` is public.
FOLDERS = ("mail", "broker", "transfers")
FILES = ("secrets.env", "db.sqlite3*", "celerybeat*")


def close(folder: Path) -> None:
    """Make the data folder, and close it and what is in it to everybody but its owner.

    From here on, this process and what it starts make files that only their owner can read.
    Raises OSError when the folder can't be made.
    """
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    _set(folder, FOLDER)
    for path in _kept(folder):
        _set(path, FOLDER if path.is_dir() else FILE)


def _kept(folder: Path) -> Iterator[Path]:
    for pattern in FILES:
        yield from folder.glob(pattern)
    for name in FOLDERS:
        yield folder / name
        yield from (folder / name).rglob("*")


def _set(path: Path, mode: int) -> None:
    """Take away what others may do; a file that is gone, a link, or another user's is let be."""
    with suppress(FileNotFoundError, PermissionError):
        if not path.is_symlink() and path.stat().st_mode & 0o077:
            path.chmod(mode)
