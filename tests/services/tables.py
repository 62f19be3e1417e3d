"""Databases of installations: each kind is made once in a run of tests, and copied from then on."""

import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from tests.services.copies import made_once
from tests.services.processes import manage, program

SITE = ("gazette", "--name", "G", "--origin", "https://gazette.example")
Run = Callable[..., object]


def make_tables(
    environment: Mapping[str, str], *, run: Run | None = None, reached_at: str = ""
) -> None:
    """Make the tables of an installation, of which `run` runs commands."""
    run = run or partial(manage, environment)
    fill(environment, "tables", lambda: run("migrate", "--verbosity", "0"), reached_at=reached_at)


def make_site(
    environment: Mapping[str, str], *, run: Run | None = None, reached_at: str = ""
) -> None:
    """Make the tables, and in them the site `gazette`."""
    run = run or partial(manage, environment)

    def make() -> None:
        make_tables(environment, run=run, reached_at=reached_at)
        run("create_site", *SITE)

    fill(environment, "site", make, reached_at=reached_at)


def fill(
    environment: Mapping[str, str], name: str, make: Callable[[], object], *, reached_at: str = ""
) -> None:
    """Have `make` fill an empty database; the next one of the name and kind gets a copy of it.

    What a copy has of keys, addresses and the clock is that of the first one. Behind a pooler
    everything is made anew, since that it can be is in question there. `reached_at` is where we
    reach the database, if not at the address of its installation.
    """
    address = environment["DATABASE_URL"]
    if "DATABASE_POOLER" in environment:
        make()
        return

    def make_copy(copy: Path) -> None:
        make()
        copy.write_bytes(_dump(reached_at or address))

    copy, is_new = made_once(f"{urlsplit(address).scheme}-{name}", make_copy)
    if not is_new:
        _restore(reached_at or address, copy.read_bytes())


def _dump(address: str) -> bytes:
    if address.startswith("sqlite:"):
        with closing(sqlite3.connect(urlsplit(address).path)) as connection:
            return connection.serialize()
    return _run("pg_dump", "--dbname", address)


def _restore(address: str, copy: bytes) -> None:
    if address.startswith("sqlite:"):
        path = Path(urlsplit(address).path)
        path.touch(mode=0o600)
        path.write_bytes(copy)
    else:
        _run("psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", address, given=copy)


def _run(name: str, *arguments: str, given: bytes = b"") -> bytes:
    command = [program(name, f"/usr/lib/postgresql/*/bin/{name}"), *arguments]
    done = subprocess.run(command, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
