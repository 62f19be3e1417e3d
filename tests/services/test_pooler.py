"""Behind pgbouncer in transaction mode, where each transaction may have another connection."""

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.services.conftest import Installation
from tests.services.processes import manage, pgbouncer, postgres, wait_for

BODIES = [f"A calm remark about the harbour, number {n}." for n in range(24)]
# Fewer than ask at the same time: a session is never one connection's.
CONNECTIONS = 2
# In one process: rows read in chunks, one moment of all tables, and locks in batches.
OPERATE = """
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from moderation.management import retention
call_command("export_comments", "gazette", "{exported}")
call_command("backup", "{backup}")
retention.purge(now=timezone.now() + timedelta(days=4000))
"""


@pytest.fixture(scope="module")
def pooled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose migrations, web server and worker all go through the pooler."""
    folder = tmp_path_factory.mktemp("pooled")
    with postgres() as database:
        pooler, address = pgbouncer(tmp_path_factory.mktemp("pool"), database, size=CONNECTIONS)
        installed = Installation(folder, address, DATABASE_POOLER="true")
        installed.start_worker()
        try:
            yield installed
        finally:
            installed.kill()
            pooler.kill()


@pytest.fixture(scope="module")
def posted(pooled: Installation) -> Installation:
    with ThreadPoolExecutor(8) as pool:
        assert {status for status, _ in pool.map(pooled.post, BODIES)} == {201}
    wait_for(lambda: pooled.pending() == 0, seconds=60, what="the worker")
    return pooled


def test_what_many_post_at_once_is_decided_once(posted: Installation) -> None:
    assert posted.decisions_per_comment() == {1}
    _, page = posted.call("sites/gazette/comments?thread=article&limit=50")
    assert len(page["results"]) == len(BODIES)


def test_what_operators_run_works_through_it(posted: Installation, tmp_path: Path) -> None:
    exported, backup = tmp_path / "export.jsonl", tmp_path / "backup.gz"
    manage(posted.environment, "shell", "-c", OPERATE.format(exported=exported, backup=backup))
    assert all(body in exported.read_text() for body in BODIES)
    lines = gzip.decompress(backup.read_bytes()).decode().splitlines()
    assert json.loads(lines[-1])["rows"] > len(BODIES)
    cleared = "SELECT count(*) FROM comments_comment WHERE network_digest <> ''"
    assert posted.rows(cleared) == [(0,)]
