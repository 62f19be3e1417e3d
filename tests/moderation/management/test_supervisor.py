"""Processes that die are started again, with growing waits, and the others go on."""

import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from moderation.management import supervisor
from moderation.management.supervisor import KILLED, LONGEST, Process, Supervisor


class Clock:
    """A clock that goes on by a second whenever it is looked at."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def program(name: str, code: str) -> Process:
    return Process(name, [sys.executable, "-c", code], {})


@pytest.fixture(autouse=True)
def own_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(supervisor, "PAUSE", 0.01)


def run(processes: Sequence[Process], *, until: Path, lines: int) -> int:
    """Run programs until a file has so many lines."""
    supervised = Supervisor(processes, clock=Clock())

    def watch() -> None:
        while not until.exists() or until.read_text().count("\n") < lines:
            threading.Event().wait(0.01)
        supervised._stopping.set()

    threading.Thread(target=watch, daemon=True).start()
    return supervised.run()


def test_what_is_killed_is_started_again_and_the_other_goes_on(tmp_path: Path) -> None:
    note, other = tmp_path / "starts", program("other", "import time; time.sleep(600)")
    dying = program(
        "dying",
        f"import os; open({str(note)!r}, 'a').write('x\\n'); os.kill(os.getpid(), 9)",
    )
    assert run([dying, other], until=note, lines=3) == 0
    assert dying.starts >= 3
    assert other.starts == 1
    assert other.status() == -signal.SIGTERM


def test_what_can_not_run_at_all_ends_everything_with_its_status() -> None:
    other = program("other", "import time; time.sleep(600)")
    supervised = Supervisor([program("web", "raise SystemExit(3)"), other], clock=lambda: 1.0)
    supervised._end = lambda: other.popen.kill()  # type: ignore[method-assign, union-attr]
    assert supervised.run() == 3


def test_the_waits_grow_and_end_when_a_process_has_lived() -> None:
    process = program("worker", "")
    waits = [process.delay(now=1.0) for _ in range(9)]
    assert waits[:4] == [0.5, 1.0, 2.0, 4.0]
    assert waits[-1] == LONGEST
    process.started_at = 100.0
    assert process.delay(now=200.0) == 0.5


def test_what_was_killed_is_started_again_within_seconds() -> None:
    process = program("worker", "import time; time.sleep(600)")
    process.start(now=1.0)
    assert process.popen
    process.popen.kill()
    process.popen.wait()
    assert max(process.delay(now=1.0) for _ in range(9)) == KILLED


def test_what_does_not_listen_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "up"
    deaf = program(
        "deaf",
        "import signal, time\n"
        "for number in (signal.SIGTERM, signal.SIGQUIT): signal.signal(number, signal.SIG_IGN)\n"
        f"open({str(note)!r}, 'w').write('x\\n')\n"
        "time.sleep(600)",
    )
    run([deaf], until=note, lines=1)
    assert deaf.popen is not None
    assert deaf.popen.wait(10) == -signal.SIGKILL
