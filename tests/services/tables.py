"""Databases of installations: each kind is made once in a process, and copied from then on."""

import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from tests.services.processes import manage, program

SITE = ("gazette", "--name", "G", "--origin", "https://gazette.example")
# What databases had when they were first made, by scheme and name.
_copies: dict[tuple[str, str], bytes] = {}


def make_tables(environment: Mapping[str, str]) -> None:
    """Make the tables of an installation."""
    fill(environment, "tables", lambda: _migrate(environment))


def make_site(environment: Mapping[str, str]) -> None:
    """Make the tables, and in them the site `gazette`."""

    def make() -> None:
        make_tables(environment)
        manage(environment, "create_site", *SITE)

    fill(environment, "site", make)


def fill(environment: Mapping[str, str], name: str, make: Callable[[], None]) -> None:
    """Have `make` fill an empty database; the next one of the name and kind gets a copy of it.

    What a copy has of keys, addresses and the clock is that of the first one. Behind a pooler
    everything is made anew, since that it can be is in question there.
    """
    address = environment["DATABASE_URL"]
    key = urlsplit(address).scheme, name
    if "DATABASE_POOLER" in environment:
        make()
    elif key in _copies:
        _restore(address, _copies[key])
    else:
        make()
        _copies[key] = _dump(address)


def _migrate(environment: Mapping[str, str]) -> None:
    manage(environment, "migrate", "--verbosity", "0")


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
