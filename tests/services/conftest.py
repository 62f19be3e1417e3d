"""A production-like installation: gunicorn, Celery workers, Redis and PostgreSQL."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.fernet import Fernet

from tests.services.api import call
from tests.services.processes import (
    Process,
    free_port,
    listens,
    postgres,
    redis,
    wait_for,
)
from tests.services.tables import make_site

LEASE = 3


class Installation:
    """One site, `gazette`, with a web server; workers and Redis come and go with the test."""

    def __init__(self, folder: Path, database: str, **settings: str) -> None:
        self.folder, self.database = folder, database
        self.redis_port, self.port = free_port(), free_port()
        self._addresses = (f"198.51.{n // 250}.{n % 250}" for n in count(1))
        self._running: list[Process] = []
        self.environment = {
            "SECRET_KEY": "a key of the tests of services, long enough to be taken 0123456789",
            "EMAIL_KEYS": Fernet.generate_key().decode(),
            "DATA_DIR": str(folder),
            "DATABASE_URL": database,
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "PORT": str(self.port),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "TRUSTED_PROXIES": "127.0.0.1",
            "SCREENING_LEASE": str(LEASE),
            "KEY_LIMIT": "1000000",
            "SITE_LIMIT": "1000000",
            "FLOOD_LEAST": "0",
            "LOG_LEVEL": "WARNING",
            **settings,
        }
        make_site(self.environment)
        self.change_site("min_seconds = 0")
        if "REDIS_URL" not in settings:
            self.start_redis()
        web = ["-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--threads=8"]
        # How long an address may be is up to whoever serves it, and is no part of our API.
        web.append("--limit-request-line=0")
        self._start(web)
        wait_for(lambda: listens(self.port), seconds=20, what="the web server")

    def _start(self, arguments: list[str]) -> Process:
        process = Process([sys.executable, *arguments], self.environment, self.folder / "log")
        self._running.append(process)
        return process

    def start_redis(self) -> None:
        self.redis = redis(self.folder, self.redis_port)
        self._running.append(self.redis)

    def start_worker(self, *, beat: bool = True) -> Process:
        """Start a worker, with beat in it."""
        # As `manage.py serve` does: it would wait a second for others to say what they revoked.
        worker = [
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "--concurrency",
            "1",
            "--without-mingle",
        ]
        return self._start([*worker, "--beat"] if beat else worker)

    def start_beat(self) -> Process:
        """Start beat by itself."""
        return self._start(["-m", "celery", "-A", "config", "beat"])

    def kill(self) -> None:
        for process in reversed(self._running):
            process.kill()

    def call(self, path: str, data: Any = None, **headers: str) -> Any:
        """Return the status and the parsed answer of a call to the API, as a new reader."""
        own = {"X-Forwarded-For": next(self._addresses), **headers}
        return call(f"http://127.0.0.1:{self.port}", path, data, **own)

    def post(self, body: str) -> tuple[int, dict[str, Any]]:
        """Post a comment as somebody new."""
        _, form = self.call("sites/gazette/form")
        return self.call(
            "sites/gazette/comments",
            {
                "thread": {"key": "article"},
                "author_name": "Ann",
                "author_email": "ann@mail.example",
                "body": body,
                "form_token": form["form_token"],
            },
        )

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of an SQL query."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(query, values).fetchall()

    def change(self, statement: str) -> None:
        """Run an SQL statement that changes something."""
        with psycopg.connect(self.database) as connection:
            connection.execute(statement)

    def change_site(self, assignment: str) -> None:
        """Change the site."""
        self.change(f"UPDATE comments_site SET {assignment}")

    def pending(self) -> int:
        return int(
            self.rows("SELECT count(*) FROM comments_comment WHERE status = 'pending'")[0][0]
        )

    def decisions_per_comment(self) -> set[int]:
        counts = self.rows(
            "SELECT count(d.id) FROM comments_comment c LEFT JOIN moderation_decision d"
            " ON d.comment_id = c.id GROUP BY c.id"
        )
        return {n for (n,) in counts}


@contextmanager
def installed(folder: Path, **settings: str) -> Iterator[Installation]:
    """Run an installation for as long as the context."""
    with postgres() as database:
        installation = Installation(folder, database, **settings)
        try:
            yield installation
        finally:
            installation.kill()


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("installation")) as installation:
        yield installation
