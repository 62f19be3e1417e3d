"""`manage.py shell` for many pieces of code: it is started once for all of them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.services.processes import ROOT

# Each piece runs in a process of its own, as a command does, which knows nothing of those before.
SERVE = """
import contextlib, io, json, os, sys, traceback
from django.db import connections

for line in sys.stdin:
    connections.close_all()
    if not (child := os.fork()):
        printed, problem = io.StringIO(), ""
        try:
            with contextlib.redirect_stdout(printed):
                exec(json.loads(line), dict(globals()))
        except BaseException:
            problem = traceback.format_exc()
        print(json.dumps([printed.getvalue(), problem]), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


class Shell:
    """Where code of ours runs beside an installation. It starts with the first piece."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None

    def run(self, code: str) -> str:
        """Run Python code and return what it prints. Raises AssertionError where it fails."""
        process = self._process = self._process or self._start()
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(code) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, "the shell has ended"
        printed, problem = json.loads(answer)
        assert not problem, problem
        return str(printed)

    def manage(self, *arguments: str) -> str:
        """Run an operator's command and return what it prints."""
        return self.run(
            f"from django.core.management import call_command\ncall_command(*{arguments!r})"
        )

    def stop(self) -> None:
        """End it where it has begun."""
        if self._process:
            self._process.communicate()

    def _start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", SERVE],
            cwd=ROOT,
            env={**os.environ, **self._environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


@contextmanager
def shell(environment: Mapping[str, str]) -> Iterator[Shell]:
    """Give a shell that ends with the context."""
    made = Shell(environment)
    try:
        yield made
    finally:
        made.stop()
