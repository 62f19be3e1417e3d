"""An installation whose PostgreSQL has a streaming replica, which can be stopped and held back."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psycopg

from tests.services.conftest import Installation
from tests.services.processes import PostgresServer, manage, postgres_server, wait_for

MODERATOR = ("m@staff.example", "--site", "gazette", "--role", "moderator", "--json")
# So that it follows again at once after the primary, or it, was away.
EAGER = "-c wal_retrieve_retry_interval=100 -c log_statement=all"
METRICS_TOKEN = "only-these-tests-know-it-7Qd2"
PAUSED = "SELECT pg_get_wal_replay_pause_state() = 'paused'"


class Replicated(Installation):
    """An installation with a moderator, whose database has a replica."""

    def __init__(self, folder: Path, primary: PostgresServer, replica: PostgresServer) -> None:
        super().__init__(
            folder, primary.address, REPLICA_URL=replica.address, METRICS_TOKEN=METRICS_TOKEN
        )
        self.replica, self._numbers = replica, count(1000)
        told = manage(self.environment, "create_moderator", *MODERATOR)
        self.moderator = {"Authorization": f"Token {json.loads(told.splitlines()[-1])['token']}"}

    def ask_replica(self, *queries: str) -> Any:
        """Send statements to the replica; return the first column of what the last one returns."""
        with psycopg.connect(self.replica.address, autocommit=True) as connection:
            for query in queries:
                cursor = connection.execute(query)
            return cursor.fetchone()[0]

    def follow(self) -> None:
        """Wait until the replica has all that the primary has."""
        (end,) = self.rows("SELECT pg_current_wal_lsn()::text")[0]
        replayed = f"SELECT pg_last_wal_replay_lsn() >= '{end}'"
        wait_for(lambda: self.ask_replica(replayed), seconds=10, what="the replica")

    @contextmanager
    def lagging(self) -> Iterator[None]:
        """Have the replica stay as it is for as long as the context, while it is read."""
        self.follow()
        self.ask_replica("SELECT pg_wal_replay_pause()")
        wait_for(lambda: self.ask_replica(PAUSED), seconds=10, what="a pause")
        try:
            yield
        finally:
            self.ask_replica("SELECT pg_wal_replay_resume()")

    def publish(self) -> tuple[dict[str, Any], str]:
        """Post a comment, and have a moderator approve it; return it with its text."""
        body = f"The ferry was on time for day {next(self._numbers)} of the year."
        _, comment = self.post(body)
        assert self.decide(comment, "APPROVE") == 201
        return comment, body

    def decide(self, comment: Mapping[str, Any], verdict: str) -> int:
        where = f"review/comments/{comment['id']}/decision"
        status, _ = self.call(where, {"verdict": verdict, "revision": 1}, **self.moderator)
        return int(status)

    def page(self, **headers: str) -> dict[str, Any]:
        """Return the thread as nobody has asked for it before: no memory has it."""
        query = f"thread=article&limit=100&query={next(self._numbers)}"
        status, page = self.call(f"sites/gazette/comments?{query}", **headers)
        assert status == 200
        return page

    def texts(self, **headers: str) -> str:
        return " ".join(comment["body_html"] for comment in self.page(**headers)["results"])

    def falsify(self, comment: Mapping[str, Any]) -> None:
        """Change a text on the primary as we never do: without a new version of the thread.

        Who shows the former one has read the replica.
        """
        text, name = f"This is false, number {next(self._numbers)}.", comment["id"]
        self.change(f"UPDATE comments_comment SET body_html = '{text}' WHERE id = '{name}'")

    def received(self) -> int:
        day = datetime.now(UTC).date()
        _, figures = self.call(f"review/stats?from={day}&to={day}", **self.moderator)
        return int(figures["received"])

    def get(self, path: str) -> str:
        """Return what is served at a path, other than the API."""
        headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        request = Request(f"http://127.0.0.1:{self.port}/{path}", headers=headers)
        with urlopen(request) as answer:
            return str(answer.read().decode())

    def ready(self) -> str:
        """Return what the readiness check says of the replica."""
        return str(json.loads(self.get("readyz"))["replica"])

    def measured(self) -> dict[str, str]:
        return dict(line.rsplit(" ", 1) for line in self.get("metrics").splitlines())


@contextmanager
def replicated_installation(folder: Path) -> Iterator[Replicated]:
    """Run one for as long as the context."""
    with postgres_server() as primary, postgres_server(settings=EAGER, replica_of=primary) as copy:
        installed = Replicated(folder, primary, copy)
        try:
            yield installed
        finally:
            installed.kill()
