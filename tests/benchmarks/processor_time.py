"""The processor time that servers take: of a process and all that it has started."""

import os
from pathlib import Path
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")


class Process(NamedTuple):
    """What the kernel says of a process: its parent, and the seconds that it and its dead took."""

    parent: int
    seconds: float


def seconds(*roots: int) -> float:
    """Return the seconds, user and system, of these processes and their descendants."""
    processes = _processes()
    wanted = set(roots)
    while more := {pid for pid, one in processes.items() if one.parent in wanted} - wanted:
        wanted |= more
    return sum(one.seconds for pid, one in processes.items() if pid in wanted)


def _processes() -> dict[int, Process]:
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return {pid: one for pid in pids if (one := _read(pid))}


def _read(pid: int) -> Process | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name of the program stands in brackets, and may have any letters.
    fields = text.rpartition(")")[2].split()
    return Process(int(fields[1]), sum(map(int, fields[11:15])) / TICKS)
