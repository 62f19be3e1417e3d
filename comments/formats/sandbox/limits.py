"""Limit what the process that parses a file may use, before it opens the file.

The limits are those of the operating system (`setrlimit`), so that they hold whatever the file does
to the parser. What this system has not, such as a namespace without network, is left out.
"""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

MEBIBYTE = 1024 * 1024
# Address space, in bytes: the interpreter and its libraries take a sixth of it.
MEMORY = 768 * MEBIBYTE
# Computing time, in seconds: for any file, and for each MiB of it on disk. The slowest format takes
# about two seconds for a MiB; what is compressed becomes about ten.
SECONDS, SECONDS_PER_MEBIBYTE, SECONDS_PER_COMPRESSED_MEBIBYTE = 60, 8, 80
OPEN_FILES = 32
# From linux/sched.h and linux/prctl.h.
CLONE_NEWUSER, CLONE_NEWNET = 0x1000_0000, 0x4000_0000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38


def cpu_seconds(size: int, *, is_compressed: bool) -> int:
    """Return the computing time that parsing a file of `size` bytes may take."""
    each = SECONDS_PER_COMPRESSED_MEBIBYTE if is_compressed else SECONDS_PER_MEBIBYTE
    return SECONDS + each * (size // MEBIBYTE)


def confine(*, cpu_seconds: int, parent: int) -> None:
    """Limit this process, and end it when its parent, a process id, ends."""
    with suppress(OSError, AttributeError):
        _linux_only(parent)
    _limit(resource.RLIMIT_CPU, cpu_seconds)
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_NPROC, 0)


def _limit(what: int, value: int) -> None:
    _, hardest = resource.getrlimit(what)
    if hardest != resource.RLIM_INFINITY:
        value = min(value, hardest)
    # The hard limit of time is a second later, so that the signal tells what it was.
    grace = 1 if what == resource.RLIMIT_CPU and hardest == resource.RLIM_INFINITY else 0
    with suppress(OSError, ValueError):
        resource.setrlimit(what, (value, value + grace))


def _linux_only(parent: int) -> None:
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        # It ended before we could ask to be told.
        os._exit(1)
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
