"""Benchmark: `python -m tests.benchmarks.reading --peer PYTHON`, a Python that has Isso.

Prints how many pages of fifty comments, of the same thread of a thousand, are read in a second,
and how many comments are posted, from ours on PostgreSQL and from Isso on its SQLite; and how much
processor time each takes, that of the database and of Redis included, which says more on a machine
that does other things beside it. Both are served by gunicorn, two workers of four threads, and
asked by the same eight connections in turns. Without `--peer` there are no ratios.
"""

import argparse
import json
import random
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

from tests.benchmarks import installation, processor_time
from tests.services.processes import (
    Process,
    free_port,
    listens,
    manage,
    postgres,
    redis,
    wait_for,
)

COMMENTS, PAGE, CONNECTIONS = 1000, 50, 8
SECONDS, ROUNDS, POSTS = 3.0, 5, 400
WEB = ["--workers", "2", "--threads", str(CONNECTIONS // 2), "--log-level", "warning"]
WORDS = "we saw how the old roof was mended and it held through rain and storm"
ARTICLE = "https://gazette.example/2026/how-we-restored-a-roof"
FILL = """
import json, sys
from django.utils import timezone
from comments.models import Comment, Site
from comments.models.ids import new_id
from comments.text.markdown import render
from comments.threads.threads import PageReference, get_or_create_thread
now = timezone.now()
site = Site.objects.get(slug="gazette")
site.min_seconds = 0
site.save()
thread = get_or_create_thread(site, PageReference(url={article!r}), now=now)
Comment.objects.bulk_create(
    Comment(
        id=new_id(), site=site, thread=thread, author_name="Annabelle Reader", body=text,
        body_html=render(text), body_digest=str(n), status="approved", created_at=now,
    )
    for n, text in enumerate(json.load(open({texts!r})))
)
"""


class Request(NamedTuple):
    """An HTTP request, whole, as it goes over the wire."""

    method: str
    path: str
    body: bytes = b""
    headers: tuple[str, ...] = ()

    def bytes(self) -> bytes:
        """Return it as it is sent."""
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Accept: application/json",
            *self.headers,
        ]
        if self.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


class Connection:
    """A connection that is kept for as long as the server keeps it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def send(self, request: bytes) -> bytes:
        """Return the whole answer to a request; fail when it is no success."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        answer = self._read(self.socket)
        if not answer[9:10] == b"2":
            raise AssertionError(answer[:500])
        return answer

    def _read(self, connection: socket.socket) -> bytes:
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more(connection)
        head = bytes(received[:end]).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        while len(received) < end + 4 + length:
            received += self._more(connection)
        if b"connection: close" in head:
            connection.close()
            self.socket = None
        return bytes(received)

    def _more(self, connection: socket.socket) -> bytes:
        chunk = connection.recv(262_144)
        if not chunk:
            raise AssertionError("the server hung up")
        return chunk


class Measured(NamedTuple):
    """Requests that were answered in a second, and milliseconds of processor time for each."""

    rate: float
    milliseconds: float


class Served(NamedTuple):
    """A server under test, what to ask it for, and the processes that work for it."""

    name: str
    port: int
    read: Request
    posts: Callable[[Sequence[str]], list[Request]]
    processes: Sequence[int]

    def ask(self, request: Request) -> bytes:
        """Return the body of an answer."""
        return Connection(self.port).send(request.bytes()).split(b"\r\n\r\n", 1)[1]

    def reads(self) -> Measured:
        """Read the same page for a while."""
        begun, used = time.perf_counter(), processor_time.seconds(*self.processes)
        until = begun + SECONDS
        request = self.read.bytes()

        def read(_: int) -> int:
            connection, done = Connection(self.port), 0
            while time.perf_counter() < until:
                connection.send(request)
                done += 1
            return done

        with ThreadPoolExecutor(CONNECTIONS) as pool:
            return self._measured(sum(pool.map(read, range(CONNECTIONS))), begun, used)

    def writes(self, texts: Sequence[str]) -> Measured:
        """Post these comments."""
        requests = [request.bytes() for request in self.posts(texts)]
        shares = [requests[n::CONNECTIONS] for n in range(CONNECTIONS)]

        def write(share: Sequence[bytes]) -> None:
            connection = Connection(self.port)
            for request in share:
                connection.send(request)

        begun, used = time.perf_counter(), processor_time.seconds(*self.processes)
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(write, shares))
        return self._measured(len(requests), begun, used)

    def _measured(self, done: int, begun: float, used: float) -> Measured:
        elapsed = time.perf_counter() - begun
        used = processor_time.seconds(*self.processes) - used
        return Measured(done / elapsed, 1000 * used / done)


def main() -> int:
    """Measure both and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", help="a Python that has Isso and gunicorn")
    peer = parser.parse_args().peer
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        texts = written(COMMENTS, seed=1)
        servers = [stack.enter_context(ours(folder, texts))]
        if peer:
            servers.append(stack.enter_context(isso(folder, texts, python=peer)))
        report("pages of 50 comments read", servers, lambda server, _: server.reads())
        report(
            "comments posted",
            servers,
            lambda server, n: server.writes(written(POSTS, seed=10 + n)),
        )
    return 0


def report(
    what: str, servers: Sequence[Served], measure: Callable[[Served, int], Measured]
) -> None:
    """Measure each server some times in turns and print the middle figures."""
    figures: dict[str, list[Measured]] = {server.name: [] for server in servers}
    for n in range(ROUNDS):
        for server in servers:
            figures[server.name].append(measure(server, n))
    middle = {name: _middle(measured) for name, measured in figures.items()}
    told = ", ".join(
        f"{name} {one.rate:.0f}/s at {one.milliseconds:.2f} ms" for name, one in middle.items()
    )
    first, *others = middle.values()
    ratio = f", {first.rate / others[0].rate:.2f} times as many" if others else ""
    sys.stdout.write(f"{what}: {told}{ratio}\n")


def _middle(measured: Sequence[Measured]) -> Measured:
    return Measured(*(statistics.median(values) for values in zip(*measured, strict=True)))


def written(many: int, *, seed: int) -> list[str]:
    """Return texts of 3 to some hundred words, 41 on an average; no two are the same."""
    chance = random.Random(seed)
    words = WORDS.split()
    return [
        " ".join(chance.choices(words, k=max(3, int(chance.lognormvariate(3.4, 0.8))))) + f" {n}"
        for n in range(many)
    ]


@contextmanager
def ours(folder: Path, texts: Sequence[str]) -> Iterator[Served]:
    """Serve an installation as in production, with PostgreSQL and Redis."""
    port, redis_port = free_port(), free_port()
    (folder / "texts.json").write_text(json.dumps(texts))
    with ExitStack() as stack:
        environment = installation.settings(
            folder / "data",
            database=stack.enter_context(postgres(fsync=True)),
            REDIS_URL=f"redis://127.0.0.1:{redis_port}/0",
            PUBLIC_URL=f"http://127.0.0.1:{port}",
        )
        broker = redis(folder, redis_port)
        stack.callback(broker.stop)
        manage(environment, "migrate", "--verbosity", "0")
        manage(
            environment, "create_site", "gazette", "--name", "G", "--origin", "https://g.example"
        )
        fill = FILL.format(article=ARTICLE, texts=str(folder / "texts.json"))
        manage(environment, "shell", "--verbosity", "0", "-c", fill)
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
        web = Process([*command, *WEB, "--no-control-socket"], environment, folder / "ours.log")
        stack.callback(web.stop)
        wait_for(lambda: listens(port), seconds=30, what="our web server")
        base = "/api/v1/sites/gazette"
        read = Request("GET", f"{base}/comments?thread={ARTICLE}&limit={PAGE}")
        processes = [web.pid, broker.pid, postmaster(environment["DATABASE_URL"])]
        served = Served("Leave a Reply", port, read, lambda texts: [], processes)
        yield served._replace(posts=lambda texts: list(our_posts(served, texts, base)))


def postmaster(database: str) -> int:
    """Return the process that PostgreSQL's others are children of."""
    with psycopg.connect(database) as connection:
        (backend,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])


def our_posts(served: Served, texts: Sequence[str], base: str) -> Iterator[Request]:
    """Yield posts, each with a form of its own, from many addresses, as readers have."""
    for n, text in enumerate(texts):
        form = json.loads(served.ask(Request("GET", f"{base}/form")))
        comment = {
            "thread": {"key": ARTICLE},
            "author_name": "Ann",
            "author_email": f"reader{n}@mail.example",
            "body": text,
            "form_token": form["form_token"],
        }
        address = f"X-Forwarded-For: 198.51.{n // 250}.{n % 250 + 1}"
        yield Request("POST", f"{base}/comments", json.dumps(comment).encode(), (address,))


@contextmanager
def isso(folder: Path, texts: Sequence[str], *, python: str) -> Iterator[Served]:
    """Serve Isso, whose thread has the same comments; nothing is moderated there."""
    port = free_port()
    settings = folder / "isso.cfg"
    settings.write_text(
        f"[general]\ndbpath = {folder}/isso.db\nhost = https://gazette.example/\n"
        "[moderation]\nenabled = false\n[guard]\nenabled = false\n"
    )
    # Ours is in the working directory, where gunicorn looks for one.
    none = folder / "gunicorn.conf.py"
    none.touch()
    server = [python, "-m", "gunicorn", "isso.run", "--config", str(none)]
    command = [*server, "--bind", f"127.0.0.1:{port}", *WEB]
    web = Process(command, {"ISSO_SETTINGS": str(settings)}, folder / "isso.log")
    try:
        wait_for(lambda: listens(port), seconds=30, what="Isso")
        path = "/2026/how-we-restored-a-roof"
        read = Request("GET", f"/?uri={path}&limit={PAGE}")
        served = Served("Isso", port, read, lambda texts: list(isso_posts(texts, path)), [web.pid])
        served.writes(texts)
        yield served
    finally:
        web.stop()


def isso_posts(texts: Sequence[str], path: str) -> Iterator[Request]:
    """Yield posts as Isso's script sends them."""
    for n, text in enumerate(texts):
        comment = {"author": "Ann", "email": f"reader{n}@mail.example", "text": text, "title": "A"}
        yield Request("POST", f"/new?uri={path}", json.dumps(comment).encode())


if __name__ == "__main__":
    sys.exit(main())
