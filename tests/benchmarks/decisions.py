"""Benchmark: how long a comment waits for its decision at a steady pace, and its post for 201.

`python -m tests.benchmarks.decisions` serves two installations one after the other, as
`manage.py serve` runs them: on PostgreSQL and Redis, where 100 comments come a second, and on
SQLite with its embedded broker, where 20 do. Another process posts them, whether answered or not,
and asks the database every few milliseconds which of them are decided. All of it is on this
machine. Prints percentiles, and writes a chart to build/decisions.svg.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks import decisions_chart, installation
from tests.benchmarks.decisions_sender import Plan, Seconds
from tests.services.processes import (
    ROOT,
    Process,
    free_port,
    listens,
    manage,
    postgres,
    redis,
    wait_for,
)

SECONDS = 30
# Comments a second.
RATES = {"PostgreSQL": 100, "SQLite": 20}
SHARES = (0.5, 0.95, 0.99, 1.0)


def main() -> int:
    """Serve, measure, print the figures and write the chart."""
    heads = "".join(f"{head:>8}" for head in ("p50", "p95", "p99", "most"))
    sys.stdout.write(f"{'milliseconds':44}{heads}\n")
    curves: dict[str, Sequence[float]] = {}
    for database, rate in RATES.items():
        measured = measure(database, rate=rate)
        for what, seconds in measured.items():
            name = f"{database}, {rate} a second: {what}"
            curves[name] = [1000 * value for value in sorted(seconds)]
            row = "".join(f"{value:8.0f}" for value in percentiles(curves[name]))
            sys.stdout.write(f"{name:44}{row}\n")
            sys.stdout.flush()
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    (build / "decisions.svg").write_text(decisions_chart.draw(curves), encoding="utf-8")
    return 0


def percentiles(values: Sequence[float]) -> list[float]:
    """Return the percentiles of sorted values that are printed."""
    return [values[round(share * (len(values) - 1))] for share in SHARES]


def measure(database: str, *, rate: int) -> Mapping[str, Seconds]:
    """Serve on a database, post for a while, and return the seconds by what took them."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port = free_port()
        environment = installation.settings(
            folder,
            database=f"sqlite:///{folder}/db.sqlite3",
            REDIS_URL="",
            PORT=str(port),
            PUBLIC_URL=f"http://127.0.0.1:{port}",
            SITE_LIMIT="1000000",
        )
        if database == "PostgreSQL":
            broker_port = free_port()
            environment["DATABASE_URL"] = stack.enter_context(postgres(fsync=True))
            environment["REDIS_URL"] = f"redis://127.0.0.1:{broker_port}/0"
            stack.callback(redis(folder, broker_port).stop)
        manage(environment, "migrate", "--verbosity", "0")
        manage(
            environment, "create_site", "gazette", "--name", "G", "--origin", "https://g.example"
        )
        no_wait = "from comments.models import Site; Site.objects.update(min_seconds=0)"
        manage(environment, "shell", "--verbosity", "0", "-c", no_wait)
        command = [sys.executable, "manage.py", "serve"]
        server = Process(command, environment, folder / "log")
        stack.callback(server.stop)
        wait_for(lambda: listens(port), seconds=60, what="the site")
        return send(
            Plan(port=port, database=environment["DATABASE_URL"], rate=rate, seconds=SECONDS)
        )


def send(plan: Plan) -> Mapping[str, Seconds]:
    """Post from a process of its own, and return what it measured."""
    command = [sys.executable, "-m", "tests.benchmarks.decisions_sender"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        input=json.dumps(plan._asdict()),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    measured: Mapping[str, Seconds] = json.loads(done.stdout)
    return measured


if __name__ == "__main__":
    sys.exit(main())
