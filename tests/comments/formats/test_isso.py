"""Isso's database, of older and newer versions, and its generic JSON."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from comments.models import Comment, Status
from moderation.models import Reviewable, Screening
from tests.comments.formats.conftest import Load, comment

pytestmark = pytest.mark.django_db
BASE = ("--base-url", "https://gazette.example")
COLUMNS = (
    "tid, id, parent, created, modified, mode, remote_addr, text,"
    " author, email, website, likes, dislikes, voters"
)


@pytest.fixture(params=["old", "new"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "comments.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE preferences (key VARCHAR PRIMARY KEY, value VARCHAR)")
        db.execute(
            "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR UNIQUE, title VARCHAR)"
        )
        newest = ", notification INTEGER DEFAULT 0" if request.param == "new" else ""
        db.execute(
            "CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY,"
            " parent INTEGER, created FLOAT NOT NULL, modified FLOAT, mode INTEGER,"
            " remote_addr VARCHAR, text VARCHAR NOT NULL, author VARCHAR, email VARCHAR,"
            " website VARCHAR, likes INTEGER DEFAULT 0,"
            f" dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL{newest})"
        )
        db.execute("INSERT INTO threads VALUES (1, '/elections', 'Elections')")
    return path


def add(path: Path, number: int, text: str, *, parent: int | None = None, mode: int = 1) -> None:
    row = (1, number, parent, 1_400_000_000.5 + number, None, mode, "198.51.100.0", text)
    with sqlite3.connect(path) as db:
        db.execute(
            f"INSERT INTO comments ({COLUMNS}) VALUES ({', '.join('?' * 14)})",
            (*row, "Ann", "ann@mail.example", "https://ann.example/", 3, 1, bytes(256)),
        )


def test_comments_have_their_time_thread_and_author(load: Load, database: Path) -> None:
    add(database, 1, "Hello *you*")
    result = load(database, *BASE)
    assert (result["format"], result["created"], result["threads"]) == ("isso", 1, 1)
    hello = comment("Hello")
    assert hello.body == "Hello *you*"
    assert hello.created_at == datetime.fromtimestamp(1_400_000_001.5, tz=UTC)
    assert hello.thread.url == "https://gazette.example/elections"
    assert (hello.author_name, hello.author_url) == ("Ann", "https://ann.example/")
    assert hello.author is not None


@pytest.mark.parametrize(
    ("mode", "status"), [(1, Status.APPROVED), (2, Status.HELD), (4, Status.DELETED)]
)
def test_statuses_are_mapped(load: Load, database: Path, mode: int, status: Status) -> None:
    add(database, 1, "Hello", mode=mode)
    load(database, *BASE)
    assert Comment.objects.get().status == status
    assert Reviewable.objects.open().exists() == (status == Status.HELD)
    assert not Screening.objects.exists()


def test_a_deleted_parent_keeps_its_place(load: Load, database: Path) -> None:
    add(database, 1, "", mode=4)
    add(database, 2, "Reply", parent=1)
    load(database, *BASE)
    parent = comment("Reply").parent
    assert parent is not None
    assert parent.status == Status.DELETED


def test_the_database_file_is_not_changed(load: Load, database: Path) -> None:
    add(database, 1, "Hello")
    before = database.read_bytes()
    load(database, *BASE)
    assert database.read_bytes() == before
    assert {path.name for path in database.parent.iterdir()} == {"comments.db"}


def test_an_invalid_row_is_a_problem(load: Load, database: Path) -> None:
    add(database, 1, "Hello", mode=9)
    add(database, 2, "Kept")
    result = load(database, *BASE)
    assert result["created"] == 1
    assert result["problems"][0].startswith("comment 1: ")


def test_a_database_of_another_program_is_refused(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE things (id)")
    with pytest.raises(Exception, match="no database of Isso"):
        load(path)


def test_generic_json_is_imported(load: Load) -> None:
    row = {
        "id": 7,
        "author": "Ann",
        "email": "ann@mail.example",
        "website": None,
        "remote_addr": "198.51.100.0",
        "created": "2014-05-13 16:53:20",
        "text": "Hello",
    }
    page = {"id": "/elections", "title": "Elections", "comments": [row, {"id": 8}]}
    result = load(json.dumps([page, {"title": "no id"}]), *BASE)
    assert (result["format"], result["created"]) == ("isso", 1)
    assert (result["problem_count"], result["note_count"]) == (1, 1)
    assert comment("Hello").created_at == datetime(2014, 5, 13, 16, 53, 20, tzinfo=UTC)
    assert comment("Hello").thread.url == "https://gazette.example/elections"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>From <b>WP</b></p><br>1. A", "<p>From <strong>WP</strong></p>\n<p>1. A</p>"),
        ("From *Isso*: `<b>`", "<p>From <em>Isso</em>: <code>&lt;b&gt;</code></p>"),
        ("From Isso: 1 &lt; 2", "<p>From Isso: 1 &lt; 2</p>"),
    ],
)  # fmt: skip
def test_html_of_older_imports_is_told_apart_from_markdown(
    load: Load, database: Path, text: str, shown: str
) -> None:
    add(database, 1, text)
    load(database, *BASE)
    assert comment("From").body_html == shown


def test_a_reply_to_comment_0_stands_below_it(load: Load, database: Path) -> None:
    add(database, 0, "Top")
    add(database, 1, "Reply", parent=0)
    load(database, *BASE)
    assert comment("Reply").parent == comment("Top")
