"""A backup is one moment of the database, and comes back as it was, on either database."""

import gzip
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.moderation.web.dialects.serving import Served
from tests.services.processes import postgres
from tests.services.tables import make_tables

ADDRESS = "margit@reader.example"


class Empty(Served):
    """An installation with tables and nothing in them."""

    def make_database(self) -> None:
        make_tables(self.environment)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Served:
    installed = Served(tmp_path_factory.mktemp("source"))
    installed.manage("seed_demo")
    installed.manage("create_key", "gazette", "--scope", "comments")
    return installed


@pytest.fixture(scope="module")
def backup(source: Served) -> Path:
    """A backup that was written while transactions added a row to each of two tables."""
    path, over = source.folder / "backup.jsonl.gz", threading.Event()
    writer = threading.Thread(target=add_pairs, args=(source, over))
    writer.start()
    try:
        source.manage("backup", str(path))
    finally:
        over.set()
        writer.join()
    return path


def add_pairs(source: Served, over: threading.Event) -> None:
    number = 0
    with sqlite3.connect(source.folder / "db.sqlite3", timeout=20) as connection:
        # More rows than that show no more, but all of them are restored several times.
        while not over.wait(0.003):
            number += 1
            connection.execute("INSERT INTO auth_group (name) VALUES (?)", [f"pair {number}"])
            connection.execute(
                "INSERT INTO comments_usedtoken (site_id, digest, expires_at)"
                " SELECT id, ?, '2026-01-01 00:00:00' FROM comments_site WHERE slug = 'gazette'",
                [f"pair {number}"],
            )
            connection.commit()


@pytest.fixture
def empty(source: Served, tmp_path: Path) -> Empty:
    return Empty(tmp_path, EMAIL_KEYS=source.environment["EMAIL_KEYS"])


def lines(path: Path) -> Iterator[str]:
    """Return what a backup has after its first line, which differs with the moment."""
    with gzip.open(path, "rt") as file:
        next(file)
        yield from file


def test_what_is_restored_is_what_was_there(backup: Path, empty: Empty) -> None:
    empty.manage("restore", str(backup))
    empty.manage("backup", str(empty.folder / "again"))
    assert list(lines(empty.folder / "again")) == list(lines(backup))
    assert len(empty.rows("SELECT id FROM comments_comment")) > 10


def test_it_goes_to_postgresql_and_back(backup: Path, source: Served, tmp_path: Path) -> None:
    keys = source.environment["EMAIL_KEYS"]
    with postgres() as database:
        there = Empty(tmp_path, EMAIL_KEYS=keys, DATABASE_URL=database)
        there.manage("restore", str(backup))
        there.manage("backup", str(tmp_path / "again"))
        # New rows get numbers of their own.
        there.manage("create_key", "gazette", "--scope", "comments")
    first, second = list(lines(backup)), list(lines(tmp_path / "again"))
    assert sorted(map(values, first)) == sorted(map(values, second))


def values(line: str) -> str:
    return json.dumps(json.loads(line), sort_keys=True)


def test_it_is_one_moment_of_a_database_in_use(backup: Path, empty: Empty) -> None:
    empty.manage("restore", str(backup))
    ((groups,),) = empty.rows("SELECT COUNT(*) FROM auth_group")
    ((tokens,),) = empty.rows("SELECT COUNT(*) FROM comments_usedtoken")
    assert groups == tokens > 0


def test_addresses_are_in_it_but_can_not_be_read(backup: Path, source: Served) -> None:
    text = gzip.decompress(backup.read_bytes()).decode()
    assert "gAAAA" in text
    assert ADDRESS not in text
    assert source.environment["EMAIL_KEYS"] not in text
    assert backup.stat().st_mode & 0o077 == 0


def refusal(installed: Served, *arguments: str) -> str:
    with pytest.raises(AssertionError) as caught:
        installed.manage(*arguments)
    return str(caught.value)


def test_other_keys_are_refused(backup: Path, tmp_path: Path) -> None:
    stranger = Empty(tmp_path, EMAIL_KEYS=Fernet.generate_key().decode())
    assert "EMAIL_KEYS does not open" in refusal(stranger, "restore", str(backup))


def test_a_database_in_use_is_not_overwritten(backup: Path, source: Served) -> None:
    assert "The database is not empty" in refusal(source, "restore", str(backup))


def test_of_a_damaged_backup_nothing_is_restored(backup: Path, empty: Empty) -> None:
    half = empty.folder / "half"
    half.write_bytes(backup.read_bytes()[:-2000])
    assert "damaged" in refusal(empty, "restore", str(half))
    assert empty.rows("SELECT COUNT(*) FROM comments_site") == [(0,)]
