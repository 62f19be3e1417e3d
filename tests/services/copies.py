"""What is made once in a run of tests, and copied from then on."""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

# What names the folder that all processes of a run share. Without it a process has one of its own.
COPIES = "DATABASE_COPIES"


def made_once(name: str, make: Callable[[Path], object]) -> tuple[Path, bool]:
    """Return where the copy of this name is, and whether it is new.

    The first one who asks has `make` write it; others, in other processes too, wait for that.
    """
    copy = _folder() / name
    with _alone(copy):
        if is_new := not copy.exists():
            make(copy)
    return copy, is_new


@cache
def _folder() -> Path:
    if not (folder := os.environ.get(COPIES)):
        folder = tempfile.mkdtemp(prefix="leave-a-reply-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@contextmanager
def _alone(copy: Path) -> Iterator[None]:
    """Have other processes wait that need the same copy."""
    with copy.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
