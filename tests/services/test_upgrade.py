"""Old and new code on one database: an upgrade that nobody notices, with a migration in it."""

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from cryptography.fernet import Fernet

from tests.services.api import call
from tests.services.processes import ROOT, free_port, manage, postgres, redis, wait_for
from tests.services.releases import Release, next_release
from tests.services.tables import make_site

# The kinds of columns that a release may add: docs/policy.md.
ALLOWED = {
    "mood": "models.CharField(max_length=16, null=True)",
    "weight": "models.PositiveSmallIntegerField(db_default=7)",
}
# Each comment, edit and decision is of one of so many people at a time.
AT_ONCE = 2
# So often a request is repeated that got no answer, since its server has ended.
TRIES = 20
EFFECTIVE = """
SELECT c.id FROM comments_comment c LEFT JOIN moderation_decision d ON d.comment_id = c.id
AND d.revision = c.revision AND NOT EXISTS
(SELECT 1 FROM moderation_decision later WHERE later.overrides_id = d.id)
GROUP BY c.id HAVING count(d.id) <> 1
"""


class Traffic:
    """Readers and moderators whose requests go to the servers in turn.

    What got no answer is sent again, under the same Idempotency-Key. `failures` are the answers
    that nobody should have got, `texts` what comments must have at the end.
    """

    def __init__(self, token: str) -> None:
        self._moderator = {"Authorization": f"Token {token}"}
        self._numbers, self._turns = count(), count()
        self.servers: list[str] = []
        self.texts: dict[str, str] = {}
        self.failures: list[str] = []

    @contextmanager
    def flows(self) -> Iterator[None]:
        """Go on with it for as long as the context."""
        ending = threading.Event()

        def run() -> None:
            while not ending.is_set():
                self.act()

        threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            ending.set()
            for thread in threads:
                thread.join()

    def goes_on(self) -> None:
        """Wait until several more comments were posted, edited and decided."""
        enough = len(self.texts) + 10
        wait_for(lambda: len(self.texts) > enough or self.failures, seconds=20, what="comments")

    def act(self) -> None:
        """Post a comment, edit it, and decide about it; each time at another server."""
        n = next(self._numbers)
        body = f"A calm remark about the harbour, number {n}."
        reader = {"X-Forwarded-For": f"198.{18 + n // 250}.{n % 250}.7"}
        form = self._call(200, "sites/gazette/form", **reader)
        comment = {
            "thread": {"key": f"article-{n % 5}"},
            "author_name": "Ann",
            "author_email": f"ann{n}@mail.example",
            "body": body,
            "form_token": form and form["form_token"],
        }
        if not (posted := self._call(201, "sites/gazette/comments", comment, **reader)):
            return
        self.texts[posted["id"]] = body
        path, token = f"sites/gazette/comments/{posted['id']}", posted["edit_token"]
        edited = {"body": f"{body} Edited."}
        own = {"X-Edit-Token": token, **reader}
        if self._call(200, path, edited, method="PATCH", **own):
            self.texts[posted["id"]] = edited["body"]
        decision = {"verdict": "APPROVE", "revision": 2}
        self._call(201, f"review/comments/{posted['id']}/decision", decision, **self._moderator)

    def _call(self, expected: int, path: str, data: Any = None, **options: str) -> Any:
        """Return the body of the answer, or None where it is not the expected one."""
        key = {"Idempotency-Key": uuid.uuid4().hex} if data else {}
        for _ in range(TRIES):
            server = self.servers[next(self._turns) % len(self.servers)]
            try:
                status, answer = call(server, path, data, **key, **options)
            except (OSError, HTTPException):
                continue
            if status != expected:
                self.failures.append(f"{status} {path}: {answer}")
                return None
            return answer
        self.failures.append(f"no answer: {path}")
        return None


class Upgrade:
    """An installation of the present release, with its traffic, and the release after it."""

    def __init__(self, folder: Path, database: str, fields: dict[str, str]) -> None:
        self.database, port = database, free_port()
        environment = {
            "SECRET_KEY": "a key of the tests of upgrades, long enough to be taken 0123456789",
            "EMAIL_KEYS": Fernet.generate_key().decode(),
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": database,
            "REDIS_URL": f"redis://127.0.0.1:{port}/0",
            "TRUSTED_PROXIES": "127.0.0.1",
            "FLOOD_LEAST": "0",
            "LOG_LEVEL": "WARNING",
        }
        for name in ("old", "new", "tree"):
            (folder / name).mkdir()
        tree = next_release(folder / "tree", fields)
        self.old = Release(ROOT, environment, folder / "old")
        self.new = Release(tree, environment, folder / "new")
        self.redis = redis(folder, port)
        make_site(environment)
        self.execute("UPDATE comments_site SET min_seconds = 0")
        person = ("m@staff.example", "--site", "gazette", "--role", "moderator", "--json")
        made = manage(environment, "create_moderator", *person)
        self.traffic = Traffic(json.loads(made.splitlines()[-1])["token"])

    def execute(self, statement: str) -> list[Any]:
        """Run an SQL statement; return its rows where it has some."""
        with psycopg.connect(self.database) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def serve_from(self, *releases: Release) -> None:
        """Send what comes from now on to these."""
        self.traffic.servers = [release.server for release in releases]

    def stop(self) -> None:
        """Stop everything."""
        for release in (self.old, self.new):
            release.stop_web()
            release.stop_worker()
        self.redis.stop()


@contextmanager
def upgrade(folder: Path, fields: dict[str, str]) -> Iterator[Upgrade]:
    with postgres() as database:
        started = Upgrade(folder, database, fields)
        try:
            started.old.start()
            started.serve_from(started.old)
            yield started
        finally:
            started.stop()


def test_nobody_notices_an_upgrade_with_a_migration(tmp_path: Path) -> None:
    with upgrade(tmp_path, ALLOWED) as under_way:
        old, new, traffic = under_way.old, under_way.new, under_way.traffic
        with traffic.flows():
            traffic.goes_on()
            new.manage("migrate", "--verbosity", "0")
            traffic.goes_on()
            new.start()
            under_way.serve_from(old, new)
            traffic.goes_on()
            old.stop_worker()
            traffic.goes_on()
            under_way.serve_from(new)
            old.stop_web()
            traffic.goes_on()
        assert traffic.failures == []
        waiting = "SELECT 1 FROM comments_comment WHERE status = 'pending'"
        wait_for(lambda: not under_way.execute(waiting), seconds=30, what="the new worker")
        stored = under_way.execute("SELECT id::text, body FROM comments_comment")
        assert sorted(stored) == sorted(traffic.texts.items())
        assert under_way.execute(EFFECTIVE) == []
        added = under_way.execute("SELECT DISTINCT mood, weight FROM comments_comment")
        assert added == [(None, 7)]
