"""Rate limits in a real Redis: one count for all processes, though it goes and comes back."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import LazySettings

from comments.http import rate_limits
from comments.http.rate_limits import use
from tests.services.processes import ROOT, Process, free_port, redis

NOW = 1_795_521_600.0
# Asks as often as it is told to, and prints how often it was allowed.
ASKING = """
import sys, django
django.setup()
from comments.http.rate_limits import use
print(sum(use("shared", now=float(sys.argv[1]), limit=50).allowed for _ in range(40)))
"""


class Server:
    """A Redis that is started and stopped."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        self._process: Process = redis(self._folder, self._port)

    def stop(self) -> None:
        self._process.stop()


@pytest.fixture
def server(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    server = Server(tmp_path)
    settings.REDIS_URL = server.url
    monkeypatch.setattr(rate_limits, "REST", 0.2)
    rate_limits._counters.cache_clear()
    yield server
    server.stop()
    rate_limits._counters.cache_clear()


def ask(url: str) -> int:
    """Return how often a process of its own was allowed."""
    environment = {**os.environ, "REDIS_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", ASKING, str(NOW)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    return int(done.stdout)


def test_processes_share_one_limit(server: Server) -> None:
    with ThreadPoolExecutor(3) as pool:
        allowed = sum(pool.map(ask, [server.url] * 3))
    # Of two that meet at the edge both may be refused, and never are both let through.
    assert 45 <= allowed <= 50
    assert not use("shared", now=NOW, limit=allowed).allowed


def test_a_redis_that_stops_leaves_a_limit_and_costs_no_time(server: Server) -> None:
    assert use("a", now=NOW, limit=3).remaining == 2
    server.stop()
    began = time.monotonic()
    allowed = [use("a", now=NOW, limit=3).allowed for _ in range(100)]
    assert (sum(allowed), allowed[-1]) == (3, False)
    assert time.monotonic() - began < 3


def test_a_redis_that_comes_back_counts_again_by_itself(server: Server) -> None:
    server.stop()
    assert use("a", now=NOW, limit=10).remaining == 9
    server.start()
    time.sleep(0.3)
    assert ask(server.url) == 40
    assert not use("shared", now=NOW, limit=40).allowed
