"""One command serves a site: what dies comes back, and slow clients stop nobody."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.moderation.web.dialects.serving import Served
from tests.services.processes import ROOT, listens, wait_for

IDLE, DRIPPING = 250, 20
COMMANDS = {
    "make run": ["manage.py", "serve"],
    "production.md": ["-m", "gunicorn", "config.wsgi"],
}


@pytest.fixture(scope="module", params=COMMANDS)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    installed = Served(tmp_path_factory.mktemp("site"))
    command = COMMANDS[request.param]
    if request.param == "production.md":
        command = [*command, "--bind", f"127.0.0.1:{installed.port}"]
    installed.start(*command)
    try:
        wait_for(lambda: listens(installed.port), seconds=60, what="the web server")
        wait_for(lambda: answers(installed), seconds=60, what="an answer")
        yield installed
    finally:
        installed.kill()


def answers(site: Served, path: str = "/healthz") -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{site.port}{path}", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def connections(site: Served, many: int, first: bytes) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        opened = []
        for _ in range(many):
            connection = socket.create_connection(("127.0.0.1", site.port), timeout=10)
            stack.enter_context(connection)
            connection.sendall(first)
            opened.append(connection)
        yield opened


def exchange(site: Served, head: str, body: bytes = b"") -> bytes:
    """Return the whole answer to a request after which the connection is closed."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as connection:
        connection.sendall(head.replace("\n", "\r\n").encode() + body)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
        return received


def test_idle_connections_and_dripping_bodies_stop_nobody(site: Served) -> None:
    head = (
        b"POST /api/v1/sites/gazette/comments HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    )
    with (
        connections(site, IDLE, b""),
        connections(site, IDLE // 5, b"GET /healthz HTTP/1.1\r\nHost: 127"),
        connections(site, DRIPPING, head) as dripping,
    ):
        for _ in range(5):
            for connection in dripping:
                connection.sendall(b" ")
            assert answers(site)
            assert answers(site, "/api/v1/sites/gazette/form")


def test_a_client_that_does_not_read_its_answer_stops_nobody(site: Served) -> None:
    request = b"GET /static/unfold/js/chart/chart.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with connections(site, DRIPPING, request * 5):
        for _ in range(5):
            assert answers(site)


def test_a_body_that_is_too_large_is_answered(site: Served) -> None:
    for megabytes in (3, 5, 30):
        size = megabytes * 1024**2
        answer = exchange(
            site,
            "POST /api/v1/sites/gazette/comments HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n"
            f"Content-Type: application/json\nContent-Length: {size}\n\n",
            b"x" * size,
        )
        head, body = answer.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 413"), answer[:200]
        assert b"application/problem+json" in head
        assert json.loads(body)["status"] == 413


def test_who_asks_first_is_told_before_sending(site: Served) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        connection.sendall(
            b"POST /api/v1/sites/gazette/comments HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Expect: 100-continue\r\nContent-Length: 30000000\r\n\r\n"
        )
        assert connection.recv(65_536).startswith(b"HTTP/1.1 413")


def children(pid: int) -> dict[int, str]:
    """Return the processes that one started, with their commands."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_text().replace("\0", " ")
        except (OSError, ValueError):
            continue
        if parent == pid and command:
            found[int(entry.name)] = command
    return found


def test_what_dies_comes_back_while_the_site_answers(tmp_path: Path) -> None:
    site = Served(tmp_path)
    site.start("manage.py", "serve")
    serve = site._running[-1]._process.pid
    try:
        wait_for(lambda: answers(site), seconds=60, what="an answer")
        wait_for(lambda: len(children(serve)) == 5, seconds=30, what="five processes")
        for name in ("screening", "outgoing", "transfers", " beat"):
            (worker,) = (pid for pid, command in children(serve).items() if name in command)
            os.kill(worker, signal.SIGKILL)
            wait_for(lambda pid=worker: pid not in children(serve), seconds=10, what="its end")
            assert answers(site)
            wait_for(lambda: len(children(serve)) == 5, seconds=20, what="its return")
        (web,) = (pid for pid, command in children(serve).items() if "gunicorn" in command)
        os.kill(web, signal.SIGKILL)
        wait_for(lambda: web not in children(serve), seconds=10, what="the web server's end")
        wait_for(lambda: answers(site), seconds=60, what="the web server's return")
    finally:
        site.stop()
    wait_for(lambda: not listens(site.port), seconds=15, what="the end of all")


def test_workers_of_the_web_server_end_in_order(tmp_path: Path) -> None:
    site = Served(tmp_path)
    site.start(*COMMANDS["production.md"], "--bind", f"127.0.0.1:{site.port}", "--workers", "2")
    try:
        wait_for(lambda: answers(site), seconds=60, what="an answer")
    finally:
        site.stop()
    log = (tmp_path / "log").read_text()
    assert log.count("Worker exiting") == 2
    assert "was sent" not in log, log


def descendants(pid: int) -> set[int]:
    found = set(children(pid))
    return found.union(*(descendants(child) for child in found))


def test_everything_ends_with_the_supervisor_even_when_it_is_killed(tmp_path: Path) -> None:
    site = Served(tmp_path)
    site.start("manage.py", "serve")
    serve = site._running[-1]._process
    try:
        wait_for(lambda: answers(site), seconds=60, what="an answer")
        # Web with its two, three workers with their pools, and beat.
        wait_for(lambda: len(descendants(serve.pid)) == 11, seconds=60, what="all processes")
        started = descendants(serve.pid)
        serve.kill()
        serve.wait(10)
        wait_for(lambda: not listens(site.port), seconds=15, what="the port to be free")
        wait_for(lambda: not running(started), seconds=20, what="the end of all")
    finally:
        site.stop()


def running(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}/cmdline").is_file() and not is_over(pid)}


def is_over(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize("command", [["manage.py", "serve"], ["-m", "config.run"]], ids=str)
def test_a_taken_port_is_said_at_once_in_one_line(tmp_path: Path, command: list[str]) -> None:
    site = Served(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", site.port))
        taken.listen()
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **site.environment},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert f"another program listens on 127.0.0.1:{site.port}" in line
    assert f"PORT={site.port + 1}" in line
