"""A site's server that has no answer sends its POST again: `Idempotency-Key` makes that safe."""

from pathlib import Path
from typing import Any

import pytest

from comments.models import Site, Thread
from moderation.models import Transfer
from tests.conftest import server as server_of
from tests.factories import ThreadFactory
from tests.moderation.web.plugin_api.retries import KEY, twice
from tests.moderation.web.plugin_api.test_transfers import LINES, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "transfers"


def test_a_thread_is_opened_once(site: Site) -> None:
    server, page = server_of(site, "threads"), {"url": "https://gazette.example/a"}
    twice(lambda: server.post("threads", page, headers=KEY))
    assert Thread.objects.count() == 1


def test_an_export_starts_once(site: Site) -> None:
    server = server_of(site, "transfer")
    twice(lambda: server.post("exports", {}, headers=KEY))
    assert Transfer.objects.count() == 1


def test_a_file_is_imported_once_and_kept_once(site: Site, folder: Path) -> None:
    server = server_of(site, "transfer")
    twice(lambda: send(server, LINES, headers=KEY))
    assert [file.name for file in folder.iterdir()] == [Transfer.objects.get().pk.hex]


@pytest.mark.parametrize(("body", "query"), [(LINES + b"\n", ""), (LINES, "?dry_run=true")])
def test_another_file_or_another_way_to_read_it_is_another_request(
    site: Site, folder: Path, body: bytes, query: str
) -> None:
    server = server_of(site, "transfer")
    send(server, LINES, headers=KEY)
    answer = send(server, body, query, headers=KEY)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith(":idempotency-key-reused")
    assert len(list(folder.iterdir())) == 1


def test_a_request_that_failed_may_come_again_with_its_key(site: Site) -> None:
    server = server_of(site, "threads")
    assert server.post("threads", {}, headers=KEY).status_code == 400
    assert server.post("threads", {"key": "k"}, headers=KEY).status_code == 201


def test_keys_of_other_sites_never_meet(site: Site) -> None:
    other = ThreadFactory().site
    for owner in (site, other):
        answer = server_of(owner, "threads").post("threads", {"key": "k"}, headers=KEY)
        assert "Idempotent-Replay" not in answer.headers
