"""Post comments at a steady pace, and watch for their decisions: a process of `decisions`."""

import asyncio
import json
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import NamedTuple
from urllib.parse import urlsplit

import psycopg

from ml import synthetic

# The watcher looks again after so many seconds.
LOOK = 0.005
# Before those that are measured come some that open connections and fill caches.
WARM_UP = 5
# What has no decision after so many seconds more is a fault.
PATIENCE = 120
PAGES = 20
BASE = "/api/v1/sites/gazette"

Seconds = Sequence[float]
# Which of these comments are decided.
Decided = Callable[[Sequence[str]], Sequence[str]]


class Plan(NamedTuple):
    """Where comments are posted and their decisions are looked up, how many a second, how long."""

    port: int
    database: str
    rate: int
    seconds: int


class Watch(threading.Thread):
    """Notes when comments are decided, as the database tells it."""

    def __init__(self, database: str) -> None:
        super().__init__(daemon=True)
        self._database = database
        self._waiting: set[str] = set()
        self._ended = threading.Event()
        self.decided_at: dict[str, float] = {}

    def add(self, comment: str) -> None:
        """Watch for the decision of a comment."""
        self._waiting.add(comment)

    def run(self) -> None:
        """Look until it is ended."""
        with closing(_connect(self._database)) as connection:
            decided = _decided(connection)
            while not self._ended.wait(LOOK):
                if waiting := list(self._waiting):
                    found, now = decided(waiting), time.perf_counter()
                    self._waiting.difference_update(found)
                    self.decided_at.update(dict.fromkeys(found, now))

    def finish(self) -> None:
        """Wait until all are decided, and end."""
        deadline = time.perf_counter() + PATIENCE
        while self._waiting and time.perf_counter() < deadline:
            time.sleep(LOOK)
        self._ended.set()
        self.join()
        assert not self._waiting, f"{len(self._waiting)} comments were never decided"


def _connect(database: str) -> "psycopg.Connection | sqlite3.Connection":
    address = urlsplit(database)
    if address.scheme == "sqlite":
        return sqlite3.connect(address.path, timeout=20, check_same_thread=False)
    return psycopg.connect(database, autocommit=True)


def _decided(connection: "psycopg.Connection | sqlite3.Connection") -> Decided:
    if isinstance(connection, sqlite3.Connection):
        # Ids are stored as 32 digits there, and there are few at a time.
        query = "SELECT id FROM comments_comment WHERE status <> 'pending' AND id IN ({})"
        return lambda ids: [
            row[0] for row in connection.execute(query.format(",".join("?" * len(ids))), list(ids))
        ]
    query = (
        "SELECT replace(id::text, '-', '') FROM comments_comment"
        " WHERE status <> 'pending' AND id = ANY(%s::uuid[])"
    )
    return lambda ids: [row[0] for row in connection.execute(query, [list(ids)])]


async def run(plan: Plan) -> Mapping[str, Seconds]:
    """Post at a fixed pace; return the seconds until 201, and from there to the decision."""
    number = plan.rate * (WARM_UP + plan.seconds)
    requests = [_post(n, text, await _form(plan.port)) for n, text in enumerate(_texts(number))]
    watch = Watch(plan.database)
    watch.start()
    pending = []
    begun = time.perf_counter() + 0.2
    for n, request in enumerate(requests):
        due = begun + n / plan.rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        pending.append(asyncio.create_task(_send(plan.port, request, due, watch)))
    posted = (await asyncio.gather(*pending))[plan.rate * WARM_UP :]
    await asyncio.to_thread(watch.finish)
    return {
        "posted": [answered - due for _, due, answered in posted],
        "decided": [max(0.0, watch.decided_at[pk] - answered) for pk, _, answered in posted],
    }


def _texts(number: int) -> Sequence[str]:
    """Return texts of all kinds of templates in turn, with a number, so that none is repeated."""
    rows = [row.text for row in synthetic.rows(per_kind=100, seed=1)]
    return [f"{rows[n * 7919 % len(rows)]} {n}" for n in range(number)]


def _post(n: int, text: str, form: str) -> bytes:
    page = n % PAGES
    comment = {
        "thread": {"key": f"page {page}", "url": f"https://g.example/{page}"},
        "author_name": "Ann",
        "author_email": f"reader{n}@mail.example",
        "body": text,
        "form_token": form,
    }
    address = f"X-Forwarded-For: 198.{18 + n // 62500}.{n // 250 % 250}.{n % 250 + 1}"
    return _request("POST", f"{BASE}/comments", json.dumps(comment).encode(), address)


def _request(method: str, path: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: close",
        *headers,
    ]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _form(port: int) -> str:
    answer = json.loads(await _answer(port, _request("GET", f"{BASE}/form")))
    return str(answer["form_token"])


async def _send(port: int, request: bytes, due: float, watch: Watch) -> tuple[str, float, float]:
    """Post a comment; return its id, when it was due, and when its answer was there."""
    body = await _answer(port, request)
    answered = time.perf_counter()
    pk = str(json.loads(body)["id"]).replace("-", "")
    watch.add(pk)
    return pk, due, answered


async def _answer(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head[9:10] == b"2", answer[:500]
    return body


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(run(Plan(**json.load(sys.stdin))))))
