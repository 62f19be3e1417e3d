"""`make run` where there is nothing but Python: no network, PostgreSQL, Redis or Node.

`make test-bare` enters a network of its own (Linux namespaces) with a `PATH` of the few programs
that make's recipes call, and has a comment posted and judged there.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.services.processes import ROOT, free_port, wait_for

# What make, its recipes and Python itself call; `ip` switches the loopback on.
PROGRAMS = ("sh", "make", "python3", "touch", "ip")
ABSENT = ("postgres", "psql", "redis-server", "node", "npm", "git", "gcc")
INSIDE = "inside"


def enter() -> None:
    """Enter a bare place, and run this module there."""
    with tempfile.TemporaryDirectory(prefix="leave-a-reply-") as folder:
        for name in PROGRAMS:
            found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
            Path(folder, name).symlink_to(found or name)
        environment = {"PATH": folder, "HOME": folder, "DATA_DIR": f"{folder}/data"}
        environment["VENV"] = os.environ.get("VENV", ".venv")
        apart = [shutil.which("unshare") or "unshare", "--map-root-user", "--net"]
        command = [*apart, sys.executable, "-m", "tests.bare", INSIDE]
        subprocess.run(command, check=True, cwd=ROOT, env=environment)


def try_it(venv: str, data: Path) -> None:
    """Run the site, post a comment, and wait until it is judged."""
    assert [name for name in ABSENT if shutil.which(name)] == []
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    port = free_port()
    command = ["make", f"VENV={venv}", f"PORT={port}", f"DATA_DIR={data}", "run"]
    running = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        wait_for(lambda: answers(port), seconds=400, what="the site to answer")
        post(port, "Posted in a bare place, you worthless idiot.")
        status = wait_for(lambda: judged(data), seconds=120, what="a decision")
        assert status == "held", status
        sys.stdout.write("A comment was posted and judged without network and services.\n")
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(30)


def ask(port: int, path: str, **body: Any) -> Any:
    """Return the JSON that a request is answered with."""
    data = json.dumps(body).encode() if body else None
    address = f"http://127.0.0.1:{port}{path}"
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def answers(port: int) -> bool:
    """Return whether the site is ready."""
    try:
        return bool(ask(port, "/readyz"))
    except OSError:
        return False


def post(port: int, body: str, *, name: str = "Ann") -> None:
    """Post a comment as a reader does."""
    form = ask(port, "/api/v1/sites/demo/form?thread=demo")
    time.sleep(form["min_seconds"] + 0.5)
    ask(
        port,
        "/api/v1/sites/demo/comments",
        thread={"key": "demo"},
        author_name=name,
        author_email=f"{name.lower()}@mail.example",
        body=body,
        form_token=form["form_token"],
    )


def judged(data: Path) -> str:
    """Return the status of the comment; "" while it waits."""
    query = "SELECT status FROM comments_comment WHERE body LIKE 'Posted in a bare place%'"
    with sqlite3.connect(data / "db.sqlite3", timeout=20) as connection:
        ((status,),) = connection.execute(query).fetchall()
    return "" if status == "pending" else str(status)


if __name__ == "__main__":
    if sys.argv[1:] == [INSIDE]:
        try_it(os.environ["VENV"], Path(os.environ["DATA_DIR"]))
    else:
        enter()
