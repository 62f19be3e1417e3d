"""An installation that is really served, on SQLite, for the clients of others to call."""

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from tests.services.processes import Process, free_port, listens, manage, wait_for
from tests.services.tables import make_site


class Served:
    """One site, `gazette`, with gunicorn in front of it; the classifier is the released one."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder, self.port = folder, free_port()
        self._running: list[Process] = []
        self.environment = {
            "SECRET_KEY": "a key of the tests of dialects, long enough to be taken 0123456789",
            "EMAIL_KEYS": Fernet.generate_key().decode(),
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "REDIS_URL": "",
            "PORT": str(self.port),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "ALLOWED_HOSTS": "127.0.0.1,akismet.test,.akismet.test",
            "LOG_LEVEL": "WARNING",
            **environment,
        }
        self.make_database()

    def make_database(self) -> None:
        """Make the tables, and the site."""
        make_site(self.environment)

    def manage(self, *arguments: str) -> str:
        """Run an operator's command and return what it prints."""
        return manage(self.environment, *arguments)

    def key(self, *arguments: str) -> str:
        """Make a key for the site and return its secret."""
        return str(json.loads(self.manage("create_key", "gazette", *arguments, "--json"))["key"])

    def start_web(self, *options: str) -> None:
        """Serve, as `manage.py serve` does."""
        bind = ["--bind", f"127.0.0.1:{self.port}", "--workers=2", "--threads=4", "--preload"]
        self.start("-m", "gunicorn", "config.wsgi", *bind, "--no-control-socket", *options)
        wait_for(lambda: listens(self.port), seconds=30, what="the web server")

    def start_workers(self) -> None:
        """Start a worker for each queue, with beat in one of them."""
        worker = ["-m", "celery", "--quiet", "-A", "config", "worker", "--pool", "solo"]
        worker += ["--without-gossip", "--without-mingle"]
        self.start(*worker, "--beat", "--queues", "screening", "--hostname", "worker")
        self.start(*worker, "--queues", "outgoing,transfers", "--hostname", "outgoing")

    def start(self, *arguments: str) -> None:
        """Start a Python program that ends with the installation."""
        command = [sys.executable, *arguments]
        self._running.append(Process(command, self.environment, self.folder / "log"))

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of an SQL query."""
        with sqlite3.connect(self.folder / "db.sqlite3", timeout=20) as connection:
            return connection.execute(query, values).fetchall()

    def stop(self) -> None:
        """End all that was started in an orderly way."""
        for process in reversed(self._running):
            process.stop()

    def kill(self) -> None:
        """End all that was started at once."""
        for process in reversed(self._running):
            process.kill()


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[Served]:
    """Run an installation for as long as the context."""
    installed = Served(folder, **environment)
    try:
        installed.start_web()
        yield installed
    finally:
        installed.kill()
