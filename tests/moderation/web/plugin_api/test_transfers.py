"""`/api/v1/imports` and `/api/v1/exports`: a site's server moves its comments."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from comments.models import Comment, Site
from moderation.intake.transfers import jobs, worker
from moderation.models import Transfer
from tests.conftest import Api
from tests.conftest import server as server_of
from tests.factories import CommentFactory, SiteFactory, ThreadFactory

pytestmark = pytest.mark.django_db
LINES = (
    b'{"format":"leave-a-reply","version":1}\n'
    b'{"type":"comment","id":"019a0000-0000-7000-8000-000000000001","thread":"k","parent":null,'
    b'"author":{"name":"Ann","url":""},"body":"Hello","status":"approved",'
    b'"created_at":"2020-01-01T00:00:00+00:00","edited_at":null}\n'
)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def server(site: Site) -> Api:
    return server_of(site, "transfer")


def send(server: Api, body: bytes, query: str = "", **options: Any) -> Any:
    return server.post(f"imports{query}", body, content_type="application/octet-stream", **options)


def work() -> None:
    """Do what a worker does."""
    for transfer_id in worker.unfinished(now=timezone.now()):
        worker.run(transfer_id, now=timezone.now())


@pytest.mark.parametrize("query", ["", "?format=native"])
def test_a_file_is_imported_and_the_progress_told(server: Api, site: Site, query: str) -> None:
    answer = send(server, LINES, query)
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    work()
    told = server.get(f"imports/{answer.json()['id']}").json()
    assert (told["state"], told["format"], told["created"]) == ("done", "native", 1)
    assert Comment.objects.get().site == site


def test_a_dry_run_keeps_nothing(server: Api) -> None:
    answer = send(server, LINES, "?dry_run=true")
    work()
    assert server.get(f"imports/{answer.json()['id']}").json()["created"] == 1
    assert not Comment.objects.exists()


def test_what_is_no_export_fails_with_the_reason(server: Api) -> None:
    answer = send(server, b"garbage")
    work()
    told = server.get(f"imports/{answer.json()['id']}").json()
    assert told["state"] == "failed"
    assert "no file of any known format" in told["error"]


@pytest.mark.parametrize("query", ["?format=myspace", "?dry_run=perhaps"])
def test_options_that_make_no_sense_are_refused(server: Api, query: str) -> None:
    assert send(server, LINES, query).status_code == 400
    assert not Transfer.objects.exists()


def test_a_file_that_is_too_large_is_refused_and_not_kept(
    server: Api, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(jobs, "MAX_BYTES", 10)
    assert send(server, LINES).status_code == 413
    assert not Transfer.objects.exists()
    assert list((tmp_path / "transfers").iterdir()) == []


def test_the_file_of_an_import_goes_when_it_is_done(server: Api, tmp_path: Path) -> None:
    send(server, LINES)
    work()
    assert list((tmp_path / "transfers").iterdir()) == []


@pytest.mark.parametrize(("name", "start"), [("native", b'{"format"'), ("disqus", b"<?xml")])
def test_an_export_is_written_and_fetched(server: Api, site: Site, name: str, start: bytes) -> None:
    CommentFactory(thread=ThreadFactory(site=site), body="Take me along")
    told = server.post("exports", {"format": name}).json()
    assert server.get(f"exports/{told['id']}/file").status_code == 404
    work()
    answer = server.get(f"exports/{told['id']}/file")
    content = BytesIO(b"".join(answer.streaming_content)).getvalue()
    assert content.startswith(start)
    assert b"Take me along" in content
    assert "gazette-" in answer.headers["Content-Disposition"]


def test_another_sites_transfers_do_not_exist(server: Api) -> None:
    imported = send(server, LINES).json()["id"]
    exported = server.post("exports", {}).json()["id"]
    stranger = server_of(SiteFactory(), "transfer")
    paths = [f"imports/{imported}", f"exports/{exported}", f"exports/{exported}/file"]
    assert {stranger.get(path).status_code for path in paths} == {404}


def test_a_worker_that_dies_leaves_its_import_to_another(server: Api) -> None:
    transfer_id = send(server, LINES).json()["id"]
    now = timezone.now()
    worker._claim(Transfer.objects.get().pk, now=now)
    assert worker.unfinished(now=now) == []
    later = now + worker.LEASE * 2
    assert [str(pk) for pk in worker.unfinished(now=later)] == [transfer_id]
    worker.run(Transfer.objects.get().pk, now=later)
    assert server.get(f"imports/{transfer_id}").json()["created"] == 1
