"""Remark42's backup, and the export of Commento and Commento++."""

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from comments.models import Comment, Status
from comments.text.markdown import render
from moderation.models import Reviewable, Screening
from tests.comments.formats.conftest import Load, comment

pytestmark = pytest.mark.django_db
URL = "https://gazette.example/elections"


def remark(name: str, body: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "pid": "",
        "text": f"{render(body.replace(chr(0), ''))}\n",
        "orig": body,
        "user": {"name": "Ann", "id": "github_0a1b", "picture": "", "ip": "5e1f", "admin": False},
        "locator": {"site": "gazette", "url": URL},
        "score": 2,
        "votes": {"github_1": True},
        "time": "2019-06-01T10:20:30.123456789-05:00",
        "title": "Elections",
        **more,
    }


def backup(*comments: Any, read_only: bool = False) -> bytes:
    meta = {
        "version": 1,
        "users": [{"id": "github_0a1b", "blocked": {"status": False}, "verified": False}],
        "posts": [{"url": URL, "read_only": read_only}],
    }
    lines = [json.dumps(meta), *(json.dumps(c) for c in comments)]
    return gzip.compress("\n".join(lines).encode())


def test_a_backup_of_remark42_is_imported(load: Load) -> None:
    result = load(
        backup(remark("a", "Hello **you**"), remark("b", "Reply", pid="a"), read_only=True)
    )
    assert (result["format"], result["created"]) == ("remark42", 2)
    hello = comment("Hello")
    assert hello.body == "Hello **you**"
    assert hello.created_at == datetime(2019, 6, 1, 15, 20, 30, 123456, tzinfo=UTC)
    assert (hello.thread.url, hello.thread.title) == (URL, "Elections")
    assert hello.thread.closed_at is not None
    assert comment("Reply").parent == hello


def test_the_original_markdown_is_rendered_again(load: Load) -> None:
    load(backup(remark("a", "Hello <script>alert(1)</script>", text="<script>alert(1)</script>")))
    assert "<script" not in comment("Hello").body_html


def test_without_the_original_markdown_the_html_is_used(load: Load) -> None:
    load(backup(remark("a", "", text="<p>Hello <em>you</em></p>")))
    assert comment("Hello").body == "Hello *you*"


def test_a_deleted_comment_keeps_its_place_and_nothing_else(load: Load) -> None:
    load(backup(remark("a", "Secret", delete=True), remark("b", "Reply", pid="a")))
    parent = comment("Reply").parent
    assert parent is not None
    assert (parent.status, parent.body, parent.author_name) == (Status.DELETED, "", "")


def test_documents_may_span_lines_and_invalid_ones_are_problems(load: Load) -> None:
    stream = b"".join(
        json.dumps(value, indent=1).encode()
        for value in ({"users": [], "posts": []}, remark("a", "Hello"), {"id": "b"})
    )
    result = load(stream)
    assert (result["created"], result["problem_count"]) == (1, 1)
    assert result["problems"][0].startswith("comment 2: ")


def written(name: str, body: str, **more: Any) -> dict[str, Any]:
    return {
        "commentHex": name,
        "domain": "gazette.example",
        "url": "/elections",
        "commenterHex": "c1",
        "markdown": body,
        "html": "",
        "parentHex": "root",
        "score": 1,
        "state": "approved",
        "creationDate": "2020-02-03T04:05:06Z",
        "direction": 0,
        "deleted": False,
        **more,
    }


def commento(*comments: Any) -> str:
    person = {
        "commenterHex": "c1",
        "email": "ann@mail.example",
        "name": "Ann",
        "link": "https://ann.example/",
        "photo": "undefined",
        "provider": "commento",
        "joinDate": "2020-01-01T00:00:00Z",
    }
    return json.dumps({"version": 1, "comments": comments, "commenters": [person, person]})


def test_an_export_of_commento_is_imported(load: Load) -> None:
    result = load(commento(written("a", "Hello"), written("b", "Reply", parentHex="a")))
    assert (result["format"], result["created"], result["threads"]) == ("commento", 2, 1)
    hello = comment("Hello")
    assert hello.thread.url == URL
    assert hello.created_at == datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert (hello.author_name, hello.author_url) == ("Ann", "https://ann.example/")
    assert comment("Reply").parent == hello
    assert comment("Reply").author == hello.author


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"state": "unapproved"}, Status.HELD),
        ({"state": "flagged"}, Status.HELD),
        ({"deleted": True}, Status.DELETED),
        ({"markdown": "[deleted]"}, Status.DELETED),
    ],
)
def test_statuses_of_commento_are_mapped(
    load: Load, changes: dict[str, Any], status: Status
) -> None:
    load(commento(written("a", "Hello", **changes)))
    assert Comment.objects.get().status == status
    assert Reviewable.objects.open().exists() == (status == Status.HELD)
    assert not Screening.objects.exists()


def test_an_anonymous_comment_has_no_author(load: Load) -> None:
    load(commento(written("a", "Hello", commenterHex="anonymous")))
    assert comment("Hello").author is None


def test_invalid_rows_of_commento_are_problems(load: Load) -> None:
    result = load(
        commento(written("a", ""), written("b", "Hello", state="odd"), written("c", "Kept"))
    )
    assert result["created"] == 1
    assert [problem.partition(":")[0] for problem in result["problems"]] == [
        "comment a",
        "comment b",
    ]
