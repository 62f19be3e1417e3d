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
# For so many seconds before, comments come that open connections and fill caches.
WARM_UP = 10
# One in so many comments is spam or toxic.
HARMFUL = 5
# What has no decision after so many seconds more is a fault.
PATIENCE = 120
PAGES = 20
TOLD = ("SPAM", "TOXICITY")
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


class Pool:
    """Connections that are kept, as a reverse proxy in front keeps them; more where all are busy.

    A request goes over any of them that is free.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def answer(self, request: bytes) -> bytes:
        """Send a request, and return the body of its answer; fail when it is no success."""
        reader, writer = (
            self._free.pop()
            if self._free
            else await asyncio.open_connection("127.0.0.1", self._port)
        )
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        assert head[9:10] == b"2", head + body
        if b"connection: close" in head.lower():
            writer.close()
        else:
            self._free.append((reader, writer))
        return body


async def run(plan: Plan) -> Mapping[str, Seconds]:
    """Post at a fixed pace; return the seconds until 201, and from there to the decision."""
    number = plan.rate * (WARM_UP + plan.seconds)
    pool = Pool(plan.port)
    requests = [_post(n, text, await _form(pool)) for n, text in enumerate(_texts(number))]
    watch = Watch(plan.database)
    watch.start()
    pending = []
    begun = time.perf_counter() + 0.2
    for n, request in enumerate(requests):
        due = begun + n / plan.rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        pending.append(asyncio.create_task(_send(pool, request, due, watch)))
    posted = (await asyncio.gather(*pending))[plan.rate * WARM_UP :]
    await asyncio.to_thread(watch.finish)
    return {
        "posted": [answered - due for _, due, answered in posted],
        "decided": [max(0.0, watch.decided_at[pk] - answered) for pk, _, answered in posted],
    }


def _texts(number: int) -> Sequence[str]:
    """Return texts of templates, of all kinds in turn, with a number, so that none is repeated."""
    rows = list(synthetic.rows(per_kind=100, seed=1))
    harmful = [row.text for row in rows if any(row.labels[c] for c in TOLD if c in row.labels)]
    harmless = [row.text for row in rows if row.text not in set(harmful)]
    chosen = ((harmless if n % HARMFUL else harmful) for n in range(number))
    return [f"{texts[n * 7919 % len(texts)]} {n}" for n, texts in enumerate(chosen)]


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
        *headers,
    ]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _form(pool: Pool) -> str:
    answer = json.loads(await pool.answer(_request("GET", f"{BASE}/form")))
    return str(answer["form_token"])


async def _send(pool: Pool, request: bytes, due: float, watch: Watch) -> tuple[str, float, float]:
    """Post a comment; return its id, when it was due, and when its answer was there."""
    body = await pool.answer(request)
    answered = time.perf_counter()
    pk = str(json.loads(body)["id"]).replace("-", "")
    watch.add(pk)
    return pk, due, answered


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(run(Plan(**json.load(sys.stdin))))))
