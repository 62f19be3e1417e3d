"""The public API is answered without what only people's pages need, and otherwise as all else."""

import pytest
from django.contrib.sessions.middleware import SessionMiddleware

from comments.models import Site
from moderation.web.public_api import threads
from tests.conftest import Api
from tests.submissions import post

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("A session was looked for.")

    monkeypatch.setattr(SessionMiddleware, "process_request", fail)


def test_readers_are_served_without_sessions(reader: Api, no_sessions: None) -> None:
    assert post(reader).status_code == 201
    assert reader.get("comments", {"thread": "an-article"}).status_code == 200


def test_the_answer_has_the_headers_that_guard_all_others(reader: Api) -> None:
    answer = post(reader)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Request-ID"]
    assert not answer.cookies


def test_a_path_that_is_none_is_not_found(reader: Api) -> None:
    assert reader.get("nothing-here").status_code == 404


def test_what_fails_is_answered_as_a_problem(
    reader: Api, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(threads, "submit", fail)
    reader.client.raise_request_exception = False
    assert reader.post("comments", {}).status_code == 500
