"""Two web hosts, two worker hosts and a host of databases, whose cables are pulled."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet

from moderation.web.public_api.preview import MOST_PREVIEWS
from tests.services.caller import SILENCE, Caller
from tests.services.network import Host, network
from tests.services.processes import ROOT, PostgresServer, Process, postgres_server, redis, wait_for
from tests.services.tables import make_site

WEB_PORT, REDIS_PORT = 8000, 6379
# Seconds in which the next worker may take what one has claimed.
LEASE = 3


class Machine:
    """A host with a program of the installation, and files of its own."""

    def __init__(self, host: Host, folder: Path, environment: dict[str, str]) -> None:
        self.host, self.folder = host, folder / host.name
        self.folder.mkdir()
        self._environment = {**environment, "DATA_DIR": str(self.folder)}
        self._running: list[Process] = []

    def run(self, *arguments: str) -> None:
        """Start a Python program."""
        command = self.host.enter([sys.executable, *arguments])
        self._running.append(Process(command, self._environment, self.folder / "log"))

    def manage(self, *arguments: str) -> None:
        """Run an operator's command, and wait for its end."""
        command = self.host.enter([sys.executable, "manage.py", *arguments])
        own = {**os.environ, **self._environment}
        subprocess.run(command, check=True, cwd=ROOT, env=own)

    def kill(self) -> None:
        """End what it runs, at once."""
        for process in self._running:
            process.kill()

    @contextmanager
    def is_away(self) -> Iterator[None]:
        """Pull its cable for as long as the context."""
        self.host.unplug()
        try:
            yield
        finally:
            self.host.plug_in()


class Site:
    """An installation of several machines, and a reader on one of their own."""

    def __init__(self, folder: Path, server: PostgresServer, hosts: dict[str, Host]) -> None:
        self._database = server.socket_address
        store = hosts["store"].address
        environment = {
            "SECRET_KEY": "a key of the tests of machines, long enough to be taken 0123456789",
            "EMAIL_KEYS": Fernet.generate_key().decode(),
            "DATABASE_URL": server.address,
            "REDIS_URL": f"redis://{store}:{REDIS_PORT}/0",
            "PUBLIC_URL": f"http://{hosts['web-a'].address}:{WEB_PORT}",
            "ALLOWED_HOSTS": ",".join(host.address for host in hosts.values()),
            "SCREENING_LEASE": str(LEASE),
            "FLOOD_LEAST": "0",
            "LOG_LEVEL": "WARNING",
        }
        self._redis = redis(folder, REDIS_PORT, host=hosts["store"])
        machines = (Machine(hosts[name], folder, environment) for name in NAMES)
        self.web_a, self.web_b, self.worker_c, self.worker_d = self.machines = tuple(machines)
        make_site(environment, run=self.web_a.manage, reached_at=server.socket_address)
        self.ask("UPDATE comments_site SET min_seconds = 0")
        self._reader = Caller(hosts["reader"])

    def start(self) -> None:
        """Start all machines, and wait until web servers and workers are there."""
        for web in (self.web_a, self.web_b):
            bind = ("--bind", f"{web.host.address}:{WEB_PORT}", "--workers=1", "--threads=4")
            web.run("-m", "gunicorn", "config.wsgi", *bind)
        for worker in (self.worker_c, self.worker_d):
            name = ("--hostname", f"{worker.host.name}@%h")
            worker.run("-m", "celery", "-A", "config", "worker", "--beat", "-c", "1", *name)
        for web in (self.web_a, self.web_b):
            wait_for(lambda web=web: self.read(web)[0] == 200, seconds=30, what="a web server")
        for worker in (self.worker_c, self.worker_d):
            here = f"SELECT 1 FROM pg_stat_activity WHERE client_addr = '{worker.host.address}'"
            wait_for(lambda here=here: self.ask(here), seconds=30, what="a worker")

    def call(self, web: Machine, path: str, data: Any = None, **options: Any) -> tuple[int, Any]:
        """Return what the reader is answered by a web server."""
        server = f"http://{web.host.address}:{WEB_PORT}"
        return self._reader.call(server, f"sites/gazette/{path}", data, **options)

    def post(self, web: Machine, body: str) -> str:
        """Post a comment, and return its id."""
        _, form = self.call(web, "form")
        comment = {
            "thread": {"key": "article"},
            "author_name": "Ann",
            "author_email": "ann@mail.example",
            "body": body,
            "form_token": form["form_token"],
        }
        status, posted = self.call(web, "comments", comment)
        assert status == 201, posted
        return str(posted["id"])

    def read(self, web: Machine, *, seconds: float = 5) -> tuple[int, set[str]]:
        """Return the status of a page, and which comments are on it."""
        status, page = self.call(web, "comments?thread=article", seconds=seconds)
        return status, {one["id"] for one in page["results"]} if status == 200 else set()

    def is_decided(self, comment: str) -> bool:
        """Return whether a worker has decided about a comment, as the database has it."""
        query = f"SELECT 1 FROM comments_comment WHERE id = '{comment}' AND status <> 'pending'"
        return bool(self.ask(query))

    def connect(self) -> psycopg.Connection[Any]:
        """Return a connection that no cable belongs to."""
        return psycopg.connect(self._database)

    def ask(self, statement: str) -> list[Any]:
        """Run an SQL statement; return its rows where it has some."""
        with self.connect() as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def stop(self) -> None:
        """Stop everything but PostgreSQL."""
        for machine in self.machines:
            machine.kill()
        self._reader.stop()
        self._redis.stop()


NAMES = ("web-a", "web-b", "worker-c", "worker-d")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with network() as joined:
        hosts = {name: joined.host(name) for name in ("store", "reader", *NAMES)}
        with postgres_server(host=hosts["store"]) as server:
            installed = Site(tmp_path_factory.mktemp("machines"), server, hosts)
            try:
                installed.start()
                yield installed
            finally:
                installed.stop()


def test_what_is_posted_at_one_host_is_decided_and_read_at_others_at_once(site: Site) -> None:
    assert site.read(site.web_b)[0] == 200
    for away in (site.worker_c, site.worker_d):
        with away.is_away():
            posted = site.post(site.web_a, f"A calm remark while {away.host.name} is away.")
            wait_for(lambda pk=posted: site.is_decided(pk), seconds=30, what="the other worker")
            assert posted in site.read(site.web_b)[1]


def test_a_limit_counts_what_both_web_hosts_are_asked(site: Site) -> None:
    webs = [site.web_a, site.web_b] * MOST_PREVIEWS
    answers = [site.call(web, "preview", {"body": "A calm remark."})[0] for web in webs]
    assert set(answers) == {200, 429}
    # A few more, where a minute ends meanwhile.
    assert MOST_PREVIEWS <= answers.count(200) < MOST_PREVIEWS * 1.5


def test_a_web_host_that_was_cut_off_comes_back(site: Site) -> None:
    with site.web_b.is_away():
        assert site.read(site.web_b, seconds=2)[0] == SILENCE
        posted = site.post(site.web_a, "A calm remark while the other web host is away.")
        wait_for(lambda: site.is_decided(posted), seconds=30, what="a worker")
    wait_for(lambda: site.read(site.web_b)[0] != SILENCE, seconds=20, what="the web host")
    assert posted in site.read(site.web_b)[1]


def test_what_a_worker_that_is_cut_off_had_locked_is_decided_once_by_the_other(
    site: Site,
) -> None:
    first, second = site.worker_c, site.worker_d
    blocked = (
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        f" AND client_addr = '{first.host.address}'"
    )
    with site.connect() as other, second.is_away():
        posted = site.post(site.web_a, "A calm remark about a cable that is pulled.")
        other.execute("SELECT 1 FROM comments_comment WHERE id = %s FOR UPDATE", [posted])
        wait_for(lambda: site.ask(blocked), seconds=30, what="a decision under way")
        first.host.unplug()
    try:
        wait_for(lambda: site.is_decided(posted), seconds=60, what="the other worker")
    finally:
        first.host.plug_in()
    decisions = f"SELECT count(*) FROM moderation_decision WHERE comment_id = '{posted}'"
    assert site.ask(decisions) == [(1,)]
