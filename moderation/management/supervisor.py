"""Keep the processes of an installation running: one that dies is started again, and none waits."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event

from moderation.management.lifeline import STEPS

# Seconds from the death of a process to its next start, doubled with each death up to the last;
# and how long one has to live for its former deaths to be forgotten.
SHORTEST, LONGEST, LIVED = 0.5, 30.0, 60.0
# The longest wait of one that was killed: nothing says that it can't run, and others wait for it.
KILLED = 4.0
# A process that ends by itself within so many seconds of the first start can't run here at all.
HOPELESS = 60.0
PAUSE = 0.1


@dataclass
class Process:
    """A program that is to run all the time."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    popen: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    deaths: int = 0
    starts: int = 0

    def start(self, *, now: float) -> None:
        """Start the program, in the process group of this one: Ctrl-C reaches it, too."""
        self.popen = subprocess.Popen(self.command, env=dict(self.environment))  # noqa: S603 # Ours.
        self.started_at, self.starts = now, self.starts + 1

    def status(self) -> int | None:
        """Return the status of its end, negative for a signal; None while it runs."""
        return self.popen.poll() if self.popen else None

    def is_hopeless(self, *, now: float) -> bool:
        """Return whether the program gave up by itself on its first start."""
        return self.starts == 1 and (self.status() or 0) > 0 and now < self.started_at + HOPELESS

    def delay(self, *, now: float) -> float:
        """Return for how long to wait before the next start; longer after each death in a row."""
        self.deaths = 1 if now > self.started_at + LIVED else self.deaths + 1
        longest = KILLED if (self.status() or 0) < 0 else LONGEST
        return min(longest, SHORTEST * 2.0 ** (self.deaths - 1))


class Supervisor:
    """Runs programs until it is told to stop."""

    def __init__(self, processes: Sequence[Process], *, clock: Callable[[], float]) -> None:
        self._processes = processes
        self._clock = clock
        self._stopping = Event()
        self._due: dict[str, float] = {}

    def run(self) -> int:
        """Start all, and start again what dies; return the status to end with."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        for process in self._processes:
            process.start(now=self._clock())
        status = 0
        while not status and not self._stopping.wait(PAUSE):
            status = self._look()
        self._end()
        return status

    def _look(self) -> int:
        """Start what died and is due again; return the status of what can't run at all."""
        for process in self._processes:
            if (status := process.status()) is None:
                continue
            now = self._clock()
            if process.is_hopeless(now=now):
                return status
            if process.name not in self._due:
                self._due[process.name] = now + process.delay(now=now)
                sys.stderr.write(f"{process.name} ended (status {status}) and is started again.\n")
            elif now >= self._due[process.name]:
                del self._due[process.name]
                process.start(now=now)
        return 0

    def _end(self) -> None:
        """End all programs: orderly, then quickly, then by force."""
        for number, seconds in STEPS:
            for process in self._running():
                os.kill(process.pid, number)
            deadline = self._clock() + seconds
            while self._running() and self._clock() < deadline:
                Event().wait(PAUSE)

    def _running(self) -> "list[subprocess.Popen[bytes]]":
        popens = (process.popen for process in self._processes)
        return [popen for popen in popens if popen and popen.poll() is None]
