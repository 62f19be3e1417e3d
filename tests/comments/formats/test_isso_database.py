"""A database that somebody made to do harm: only rows of real tables are read."""

import sqlite3
from pathlib import Path

import pytest

from comments.formats import isso, isso_database
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment, ImportProblem, Item
from tests.comments.formats.hostile import COMMENTS, THREADS

ENDLESS = (
    "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT 1 tid, n id,"
    " NULL parent, 1e9 created, NULL modified, 1 mode, '' remote_addr, 'x' text, '' author,"
    " '' email, '' website FROM n WHERE n < 0"
)
INSERT = "INSERT INTO comments (tid, id, created, mode, text) VALUES (1, {}, 1e9, 1, {})"


def read(path: Path, *statements: str) -> list[Item]:
    with sqlite3.connect(path / "comments.db") as database:
        for statement in statements:
            database.execute(statement)
    return list(isso.read(ImportFile(path / "comments.db", "https://gazette.example")))


@pytest.mark.parametrize(
    "comments",
    [
        f"CREATE VIEW comments AS {ENDLESS}",
        "CREATE VIRTUAL TABLE comments USING fts5(tid, id, parent, created, modified, mode,"
        " remote_addr, text, author, email, website)",
        "CREATE TABLE comments (id)",
    ],
)
def test_a_table_that_is_no_table_is_refused(tmp_path: Path, comments: str) -> None:
    with pytest.raises(UnreadableFile, match="no database of Isso"):
        read(tmp_path, THREADS, comments)


def test_a_view_that_calls_itself_a_table_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read(
            tmp_path,
            THREADS,
            f"CREATE VIEW comments AS {ENDLESS}",
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_master SET type = 'table', rootpage = 2 WHERE name = 'comments'",
        )


@pytest.mark.parametrize("text", ["hex(zeroblob(9000000))", "zeroblob(9000000)"])
def test_a_row_that_is_too_large_is_a_problem_of_its_own(tmp_path: Path, text: str) -> None:
    items = read(
        tmp_path,
        THREADS,
        COMMENTS,
        "INSERT INTO threads VALUES (1, '/a', '')",
        INSERT.format(1, "'first'"),
        INSERT.format(2, text),
        INSERT.format(3, "'last'"),
    )
    assert [item.body for item in items if isinstance(item, ImportedComment)] == ["first", "last"]
    assert [item.location for item in items if isinstance(item, ImportProblem)] == ["comment 2"]


def test_a_column_that_computes_is_ended(tmp_path: Path) -> None:
    computed = COMMENTS.replace("text VARCHAR", "text AS (hex(zeroblob(20000000)))")
    insert = "INSERT INTO comments (tid, id, created, mode) VALUES (1, 1, 1e9, 1)"
    items = read(tmp_path, THREADS, computed, "INSERT INTO threads VALUES (1, '/a', '')", insert)
    assert not [item for item in items if isinstance(item, ImportedComment)]


@pytest.mark.parametrize(
    "statement",
    [
        "ATTACH DATABASE 'x' AS x",
        "PRAGMA writable_schema = ON",
        "SELECT load_extension('x')",
        "SELECT randomblob(10)",
        "CREATE TABLE x (x)",
        "DELETE FROM comments",
        f"SELECT * FROM ({ENDLESS})",
        "SELECT * FROM other",
    ],
)
def test_no_other_statement_is_compiled(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "comments.db"
    with sqlite3.connect(path) as database:
        for each in (THREADS, COMMENTS, "CREATE TABLE other (x)"):
            database.execute(each)
    with (
        pytest.raises(UnreadableFile, match=r"not authorized|prohibited|authorizer"),
        isso_database.opened(path) as database,
    ):
        database.connection.execute(statement)
