"""A process ends with the one that started it, and so does what it forked."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.services.processes import ROOT, wait_for

PARENT = """
import os, subprocess, sys
lifeline = "moderation.management.lifeline"
subprocess.Popen([sys.executable, "-m", lifeline, str(os.getpid()), "forks"])
input()
"""
FORKS = """
import os, time
child = os.fork()
open("pid" if child else "child", "w").write(f"{os.getpid()}\\n")
time.sleep(600)
"""


def test_a_killed_parent_takes_all_with_it(tmp_path: Path) -> None:
    (tmp_path / "forks.py").write_text(FORKS)
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}"},
        stdin=subprocess.PIPE,
    )
    notes = [tmp_path / "pid", tmp_path / "child"]
    wait_for(lambda: all(n.exists() and n.read_text() for n in notes), seconds=30, what="both")
    pids = [int(note.read_text()) for note in notes]
    time.sleep(1.5)
    assert all(lives(pid) for pid in pids)
    parent.send_signal(signal.SIGKILL)
    parent.wait(10)
    wait_for(lambda: not any(lives(pid) for pid in pids), seconds=15, what="the end of both")


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
