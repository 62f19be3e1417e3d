"""An installation of several machines: each runs `manage.py serve` on one PostgreSQL and Redis."""

import json
import os
import random
import re
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from cryptography.fernet import Fernet

from ml.artifact import RELEASED
from tests.chaos.disk import Disk
from tests.chaos.outside import MailServer, Receiver
from tests.services.api import call
from tests.services.processes import (
    ROOT,
    PostgresServer,
    Process,
    free_port,
    listens,
    manage,
    redis,
    wait_for,
)
from tests.services.tables import make_site

SITE = "gazette"
# The clock of the second machine is fast by so many seconds.
SKEW = 60
# Processes by their titles.
KINDS = {
    "gunicorn: master": "web, the parent",
    "gunicorn: worker": "web, a child",
    "celery@screening:Main": "screening, the parent",
    "celery@screening:Fork": "screening, a child",
    "celery@outgoing:Main": "outgoing, the parent",
    "celery@outgoing:Fork": "outgoing, a child",
    "celery@transfers": "transfers",
    "celery beat": "beat",
}


class Installation:
    """Machines with web processes, workers and beat, and what they need."""

    def __init__(
        self, folder: Path, server: PostgresServer, *, machines: int, disk: Disk | None
    ) -> None:
        self.folder, self.server, self.address = folder, server, server.address
        self.disk = disk
        self.receiver, self.mail = Receiver(), MailServer()
        self.redis_port = free_port()
        self.ports = [free_port() for _ in range(machines)]
        self.classifier = folder / "classifier"
        shutil.copytree(RELEASED, self.classifier)
        self.environment = {
            "SECRET_KEY": "a key of the tests of chaos, long enough to be taken 0123456789",
            "EMAIL_KEYS": Fernet.generate_key().decode(),
            "DATA_DIR": str(folder),
            "DATABASE_URL": server.address,
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "PUBLIC_URL": f"http://127.0.0.1:{self.ports[0]}",
            "EMAIL_URL": f"smtp://{self.mail.address}",
            "OUTGOING_ALLOW": self.receiver.address,
            "CLASSIFIER_DIR": str(self.classifier),
            "TRUSTED_PROXIES": "127.0.0.1",
            "UNDO_SECONDS": "2",
            # What the driver sends is a flood: it would hold all of it, and tell people so.
            "FLOOD_LEAST": "0",
            "SITE_LIMIT": "1000000",
            "KEY_LIMIT": "1000000",
            "LOG_LEVEL": "WARNING",
        }
        make_site(self.environment)
        self.change("UPDATE comments_site SET min_seconds = 0")
        self.start_redis()
        self.machines: list[Process] = []
        self.killed: Counter[str] = Counter()

    def start_redis(self) -> None:
        """Start Redis, empty."""
        self.redis = redis(self.folder, self.redis_port)

    def start(self) -> None:
        """Start all machines, and wait until they answer."""
        for number, port in enumerate(self.ports):
            environment = {**self.environment, "PORT": str(port)}
            if number == 1:
                skewed = str(ROOT / "tests" / "chaos" / "skewed")
                environment |= {"PYTHONPATH": skewed, "CLOCK_IS_FAST_BY": str(SKEW)}
            command = [sys.executable, "manage.py", "serve"]
            self.machines.append(Process(command, environment, self.folder / f"log{number}"))
        for port in self.ports:
            wait_for(partial(listens, port), seconds=300, what="a machine")

    def connect(self) -> tuple[str, str]:
        """Add the webhook, and return the token of a moderator and a key of the site."""
        made = manage(self.environment, "create_key", SITE, "--scope", "webhooks", "--json")
        key = json.loads(made)["key"]
        hook = {"url": f"http://{self.receiver.address}/hook", "events": ["*"]}
        status, answer = self.call(0, "webhooks", hook, Authorization=f"Bearer {key}")
        assert status == 201, answer
        person = ("m@staff.example", "--site", SITE, "--role", "moderator", "--json")
        made = manage(self.environment, "create_moderator", *person)
        return json.loads(made.splitlines()[-1])["token"], key

    def call(
        self, machine: int, path: str, data: Any = None, method: str = "", **headers: str
    ) -> tuple[int, Any]:
        """Return the status and the body of an answer; raise OSError where there is none."""
        server = f"http://127.0.0.1:{self.ports[machine % len(self.ports)]}"
        return call(server, path, data, method=method, **headers)

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of an SQL query."""
        with psycopg.connect(self.address) as connection:
            return connection.execute(query, values or None).fetchall()

    def number(self, query: str, *values: Any) -> int:
        """Return the only value of an SQL query."""
        return int(self.rows(query, *values)[0][0])

    def change(self, statement: str) -> None:
        """Run an SQL statement that changes something."""
        with psycopg.connect(self.address) as connection:
            connection.execute(statement)

    def kill_one(self, pick: random.Random) -> str:
        """Kill -9 one process of a machine at random, and return what it was; "" for none."""
        machine = pick.choice(self.machines)
        found = [(pid, name) for pid in descendants(machine.pid) if (name := kind_of(pid))]
        if not found:
            return ""
        pid, name = pick.choice(found)
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return ""
        return name

    def stop(self) -> None:
        """End everything but PostgreSQL."""
        for process in (*self.machines, self.redis):
            process.kill()
        self.receiver.stop()
        self.mail.stop()


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes below one."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(rest[1]), []).append(int(stat.parent.name))
    below = list(children.get(pid, ()))
    while below:
        found = below.pop()
        yield found
        below += children.get(found, ())


def kind_of(pid: int) -> str:
    """Return what a process is, by its title; "" for others."""
    try:
        title = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
    return next((name for pattern, name in KINDS.items() if re.search(pattern, title)), "")
