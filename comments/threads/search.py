"""Searching comments by words: PostgreSQL's full text search, SQLite's FTS5.

Both read words as words of no language ("simple", "unicode61"): readers write in many. The index is
made after each `migrate` where it is missing, since migrations can't tell databases apart.
"""

import re
from typing import Any

from django.db import connections, router
from django.db.models import Q
from django.db.models.expressions import RawSQL

from comments.models import Comment

MOST_WORDS = 20
POSTGRES = (
    "CREATE INDEX IF NOT EXISTS comment_words ON comments_comment "
    "USING gin (to_tsvector('simple', author_name || ' ' || body))"
)
# SQLite numbers rows anew when it likes (VACUUM), so comments get numbers of their own; the index
# refers to the texts by number instead of storing them again.
SQLITE = (
    "CREATE TABLE IF NOT EXISTS comment_number (number INTEGER PRIMARY KEY, id TEXT UNIQUE)",
    "CREATE VIEW comment_text AS SELECT number AS rowid, author_name, body FROM comment_number "
    "JOIN comments_comment USING (id)",
    "CREATE VIRTUAL TABLE IF NOT EXISTS comment_words USING fts5("
    "author_name, body, content='comment_text', content_rowid='rowid', "
    "tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER comment_words_insert AFTER INSERT ON comments_comment BEGIN "
    "INSERT INTO comment_number (id) VALUES (new.id); "
    "INSERT INTO comment_words (rowid, author_name, body) "
    "SELECT number, new.author_name, new.body FROM comment_number WHERE id = new.id; END",
    "CREATE TRIGGER comment_words_update AFTER UPDATE OF author_name, body ON comments_comment "
    "BEGIN "
    "INSERT INTO comment_words (comment_words, rowid, author_name, body) "
    "SELECT 'delete', number, old.author_name, old.body FROM comment_number WHERE id = old.id; "
    "INSERT INTO comment_words (rowid, author_name, body) "
    "SELECT number, new.author_name, new.body FROM comment_number WHERE id = new.id; END",
    "CREATE TRIGGER comment_words_delete AFTER DELETE ON comments_comment BEGIN "
    "INSERT INTO comment_words (comment_words, rowid, author_name, body) "
    "SELECT 'delete', number, old.author_name, old.body FROM comment_number WHERE id = old.id; "
    "DELETE FROM comment_number WHERE id = old.id; END",
    "INSERT INTO comment_number (id) SELECT id FROM comments_comment "
    "WHERE id NOT IN (SELECT id FROM comment_number)",
    "INSERT INTO comment_words (comment_words) VALUES ('rebuild')",
)
# What refers to the table of comments, and would be in the way of changes to it.
SQLITE_LOOSEN = (
    "DROP TRIGGER IF EXISTS comment_words_insert",
    "DROP TRIGGER IF EXISTS comment_words_update",
    "DROP TRIGGER IF EXISTS comment_words_delete",
    "DROP VIEW IF EXISTS comment_text",
)


def matching(query: str) -> Q:
    """Return the condition that a comment, its author's name included, has all words of a query.

    The last word may be the beginning of one. A query without any word matches nothing.
    """
    words = re.findall(r"\w+", query)[:MOST_WORDS]
    if not words:
        return Q(pk__in=[])
    if connections[router.db_for_read(Comment)].vendor == "postgresql":
        asked = " & ".join(f"'{word}'" for word in words) + ":*"
        rows = (
            "SELECT id FROM comments_comment "
            "WHERE to_tsvector('simple', author_name || ' ' || body) @@ to_tsquery('simple', %s)"
        )
    else:
        asked = " ".join(f'"{word}"' for word in words) + "*"
        rows = (
            "SELECT id FROM comment_words JOIN comment_number "
            "ON comment_number.number = comment_words.rowid WHERE comment_words MATCH %s"
        )
    return Q(pk__in=RawSQL(rows, [asked]))  # noqa: S611 - the words are a parameter


def loosen(*, using: str, plan: list[Any], **_: Any) -> None:
    """Take the index off the table before migrations that may change it (`pre_migrate`)."""
    if plan and connections[using].vendor == "sqlite":
        _execute(using, SQLITE_LOOSEN)


def build(*, using: str, **_: Any) -> None:
    """Make the index where it is missing (`post_migrate`)."""
    connection = connections[using]
    tables = {info.name for info in connection.introspection.get_table_list(connection.cursor())}
    if Comment._meta.db_table not in tables:
        return
    if connection.vendor == "postgresql":
        _execute(using, [POSTGRES])
    elif "comment_text" not in tables:
        _execute(using, SQLITE)


def _execute(using: str, statements: Any) -> None:
    with connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
