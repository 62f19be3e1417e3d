"""`/api/v1/imports` and `/api/v1/exports`: a site's server moves its comments."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from comments.models import Comment, Site
from moderation.intake.transfers import files, quotas, schedule, worker
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
    for transfer_id in schedule.due(now=timezone.now()):
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


@pytest.mark.parametrize(
    ("content", "reason"), [(b"garbage", "no file of any known format"), (b" ", "file is empty")]
)
def test_what_is_no_export_is_refused_at_once(server: Api, content: bytes, reason: str) -> None:
    answer = send(server, content)
    assert (answer.status_code, reason in answer.json()["detail"]) == (400, True)
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("query", ["?format=myspace", "?dry_run=perhaps"])
def test_options_that_make_no_sense_are_refused(server: Api, query: str) -> None:
    assert send(server, LINES, query).status_code == 400
    assert not Transfer.objects.exists()


def test_a_file_that_is_too_large_is_refused_and_not_kept(
    server: Api, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    # As with a body in chunks, which has no length that could be looked at first.
    monkeypatch.setattr(quotas, "require", lambda *_, **__: None)
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
    schedule.claim(Transfer.objects.get().pk, now=now)
    assert schedule.due(now=now) == []
    later = now + schedule.LEASE * 2
    assert [str(pk) for pk in schedule.due(now=later)] == [transfer_id]
    worker.run(Transfer.objects.get().pk, now=later)
    assert server.get(f"imports/{transfer_id}").json()["created"] == 1


def test_a_site_that_has_started_enough_is_told_when_to_come_again(server: Api) -> None:
    for _ in range(quotas.OPEN):
        assert server.post("exports", {}).status_code == 202
    for answer in (server.post("exports", {}), send(server, LINES)):
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
        assert answer.json()["type"].endswith(":too-many-requests")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    server: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "stored_upload", None)
    answer = send(server, LINES, CONTENT_LENGTH=str(files.MAX_BYTES + 1))
    assert (answer.status_code, answer.json()["type"]) == (
        413,
        "urn:problem-type:leave-a-reply:too-large",
    )


def test_an_import_that_was_accepted_is_answered_again_beyond_the_quota(server: Api) -> None:
    key = {"Idempotency-Key": "once"}
    first = send(server, LINES, headers=key).json()
    for _ in range(quotas.OPEN - 1):
        server.post("exports", {})
    assert send(server, LINES, headers=key).json() == first


def test_an_import_is_cancelled_and_its_file_goes(server: Api, tmp_path: Path) -> None:
    where = f"imports/{send(server, LINES).json()['id']}"
    assert server.delete(where).json()["state"] == "cancelled"
    assert list((tmp_path / "transfers").iterdir()) == []
    work()
    assert not Comment.objects.exists()
    assert server.delete(where).status_code == 409


def test_an_export_is_cancelled(server: Api) -> None:
    where = f"exports/{server.post('exports', {}).json()['id']}"
    assert server.delete(where).json()["state"] == "cancelled"
    assert server.delete(where).json()["type"].endswith(":job-ended")


def test_what_a_dry_run_has_read_is_imported_once(server: Api) -> None:
    dry = send(server, LINES, "?dry_run=true").json()
    work()
    started = server.post(f"imports/{dry['id']}/start")
    assert (started.status_code, started.json()["dry_run"]) == (202, False)
    work()
    assert Comment.objects.count() == 1
    assert server.post(f"imports/{dry['id']}/start").status_code == 404


def test_what_an_import_brings_adds_up_to_what_the_file_holds(server: Api) -> None:
    first = send(server, LINES + LINES.partition(b"\n")[2] + b"{}\n").json()
    work()
    told = server.get(f"imports/{first['id']}").json()
    counts = ("in_file", "created", "skipped", "problem_count")
    assert [told[name] for name in counts] == [3, 1, 1, 1]
    assert told["statuses"] == {"approved": 1}


def test_how_a_file_is_to_be_read_is_stored_with_its_import(server: Api) -> None:
    query = (
        "?format=csv&also=review&https=true&disqus_identifiers=true&text_format=html"
        "&address_map=http://a.example/*,https://b.example/*&address_map=x,y&column=body=Text"
    )
    assert send(server, b"x", query).status_code == 202
    assert Transfer.objects.get().options == {
        "also": ["review"],
        "address_map": [["http://a.example/*", "https://b.example/*"], ["x", "y"]],
        "https": True,
        "identifiers": True,
        "columns": [["body", "Text"]],
        "text_format": "html",
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [("?address_map=x", "address_map"), ("?column=Text", "column"), ("?text_format=rtf", "text_f")],
)
def test_a_map_or_column_that_makes_no_sense_is_refused(
    server: Api, query: str, field: str
) -> None:
    answer = send(server, LINES, query)
    assert (answer.status_code, field in answer.content.decode()) == (400, True)
    assert not Transfer.objects.exists()
