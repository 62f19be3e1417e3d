"""Somebody on another machine who calls the API: as a process that runs there, and its other end.

The process reads one call a line, in JSON, and writes what came of it.
"""

import json
import subprocess
import sys
from http.client import HTTPException
from typing import Any

from tests.services.api import call
from tests.services.network import Host
from tests.services.processes import ROOT

# The status of no answer at all.
SILENCE = 0


class Caller:
    """Calls the API from a machine of the network."""

    def __init__(self, host: Host) -> None:
        self.address = host.address
        self._process = subprocess.Popen(
            host.enter([sys.executable, "-m", "tests.services.caller"]),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, server: str, path: str, data: Any = None, **options: Any) -> tuple[int, Any]:
        """Return the status and the body of an answer; SILENCE, and why, where there is none."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{json.dumps([[server, path, data], options])}\n")
        self._process.stdin.flush()
        status, body = json.loads(self._process.stdout.readline())
        return status, body

    def stop(self) -> None:
        """End the process."""
        self._process.communicate()


def main() -> None:
    """Make the calls of the other end until it closes."""
    for line in sys.stdin:
        arguments, options = json.loads(line)
        try:
            answer = call(*arguments, **options)
        except (OSError, HTTPException) as error:
            answer = SILENCE, repr(error)
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
