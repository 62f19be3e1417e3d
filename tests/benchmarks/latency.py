"""Benchmark: how long a check over HTTP takes at 50 requests a second, as plugins see it.

`python -m tests.benchmarks.latency` serves an installation (gunicorn, two processes, on PostgreSQL
and Redis), and another process sends checks at a fixed pace, whether answered or not, each over a
connection of its own, all on this machine. Then once more while a worker screens many comments.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from tests.moderation.web.dialects.drivers.script import GOOD, INSULT, SPAM
from tests.moderation.web.dialects.serving import Served
from tests.services.processes import ROOT, free_port, postgres, redis

RATE = 50  # requests a second
SECONDS = 20
WAITING = 20_000  # comments for the worker beside it
# What is measured is a flood from few keys.
UNLIMITED = {"KEY_LIMIT": "1000000", "SITE_LIMIT": "1000000", "FLOOD_LEAST": "0"}
TEXTS = (GOOD, SPAM, INSULT, f"{GOOD} {INSULT} " * 8)

FILL = """
from django.utils import timezone
from comments.models import Comment, Site, Thread
from comments.models.ids import new_id
from moderation.models import Screening
from ml import synthetic
now, site = timezone.now(), Site.objects.get()
thread = Thread.objects.create(site=site, key="a", key_digest="a", created_at=now)
texts = [row.text for row in synthetic.rows(per_kind={waiting} // 3, seed=1)]
comments = Comment.objects.bulk_create(
    (
        Comment(
            id=new_id(), site=site, thread=thread, author_name="Ann", body=text, body_html=text,
            body_digest=str(n), created_at=now,
        )
        for n, text in enumerate(texts)
    ),
    batch_size=2000,
)
Screening.objects.bulk_create((Screening(comment=c) for c in comments), batch_size=2000)
"""


def main() -> int:
    """Serve, measure, and print the figures."""
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(asyncio.run(send(json.load(sys.stdin)))))
        return 0
    with tempfile.TemporaryDirectory() as folder, postgres() as database:
        port = free_port()
        broker = redis(Path(folder), port)
        environment = {"DATABASE_URL": database, "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        installed = Served(Path(folder), **environment, **UNLIMITED)
        try:
            installed.start_web()
            measure(installed)
        finally:
            installed.kill()
            broker.stop()
    return 0


def measure(installed: Served) -> None:
    """Print the figures of both dialects, alone and beside a worker that is busy."""
    akismet = installed.key("--scope", "akismet")
    checks = installed.key("--scope", "checks")
    sys.stdout.write(f"{'ms, at 50 a second':34}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8}\n")
    for beside in ("", ", a worker busy beside it"):
        if beside:
            installed.manage("shell", "--verbosity", "0", "-c", FILL.format(waiting=WAITING))
            installed.start_workers()
        for name, request in (
            ("Akismet", akismet_calls(installed.port, akismet)),
            ("Perspective", perspective_calls(installed.port, checks)),
        ):
            row = "".join(f"{value:8.1f}" for value in figures(request))
            sys.stdout.write(f"{name + beside:34}{row}\n")
            sys.stdout.flush()
    screened = installed.manage("shell", "--verbosity", "0", "-c", SCREENED).split()[-1]
    sys.stdout.write(f"{screened} comments were screened meanwhile.\n")


SCREENED = "from moderation.models import Decision; print(Decision.objects.count())"


def akismet_calls(port: int, key: str) -> dict[str, object]:
    """Return the calls of a plugin, one for each text."""
    bodies = [
        urlencode(
            {
                "api_key": key,
                "blog": "https://gazette.example",
                "user_ip": "198.51.100.7",
                "user_agent": "Mozilla/5.0",
                "permalink": "https://gazette.example/article",
                "comment_author": "Ann",
                "comment_author_email": f"ann{n}@mail.example",
                "comment_content": text,
            }
        )
        for n, text in enumerate(TEXTS)
    ]
    content_type = "application/x-www-form-urlencoded; charset=UTF-8"
    path = "/1.1/comment-check"
    return {"port": port, "path": path, "type": content_type, "bodies": bodies}


def perspective_calls(port: int, key: str) -> dict[str, object]:
    """Return the calls of a client of Perspective, one for each text."""
    wanted = {"TOXICITY": {}, "INSULT": {}, "THREAT": {}}
    bodies = [
        json.dumps({"comment": {"text": text}, "requestedAttributes": wanted, "doNotStore": True})
        for text in TEXTS
    ]
    path = f"/v1alpha1/comments:analyze?key={key}"
    return {"port": port, "path": path, "type": "application/json", "bodies": bodies}


def figures(request: Mapping[str, object]) -> list[float]:
    """Return median, 95th and 99th percentile and maximum, in milliseconds."""
    command = [sys.executable, "-m", "tests.benchmarks.latency", "send"]
    done = subprocess.run(
        command, cwd=ROOT, input=json.dumps(request), capture_output=True, text=True, check=True
    )
    times = sorted(json.loads(done.stdout))
    last = len(times) - 1
    return [1000 * times[round(share * last)] for share in (0.5, 0.95, 0.99, 1.0)]


async def send(request: dict) -> list[float]:
    """Send at a fixed pace, and return the seconds from when each was due to its whole answer."""
    pending = []
    begun = time.perf_counter() + 0.2
    for n in range(RATE * SECONDS):
        due = begun + n / RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        pending.append(asyncio.create_task(call(request, n, due)))
    return list(await asyncio.gather(*pending))


async def call(request: dict, n: int, due: float) -> float:
    """Send one request over a connection of its own, and return when its answer was there."""
    body = request["bodies"][n % len(request["bodies"])].encode()
    head = (
        f"POST {request['path']} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Content-Type: {request['type']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", request["port"])
    writer.write(head.encode() + body)
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200"), answer
    return time.perf_counter() - due


if __name__ == "__main__":
    sys.exit(main())
