"""Full-text search of comments: PostgreSQL's text search, SQLite's FTS5.

Both use a configuration without a language ("simple", "unicode61"), since readers write in many.
The index is created after each `migrate` where it is missing: migrations can't tell databases
apart.
"""

import re
from typing import Any

from django.db import connections, router
from django.db.models import Q
from django.db.models.expressions import RawSQL

from comments.models import Comment

MAX_WORDS = 20
POSTGRES_INDEX = (
    "CREATE INDEX IF NOT EXISTS comment_words ON comments_comment "
    "USING gin (to_tsvector('simple', author_name || ' ' || body))"
)
# SQLite numbers rows anew when it likes (VACUUM), so comments get numbers of their own; the index
# refers to the texts by number instead of storing them again.
SQLITE_INDEX = (
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
# SQLite rebuilds a table that a migration changes, which triggers and views on it prevent.
SQLITE_DROP_TRIGGERS = (
    "DROP TRIGGER IF EXISTS comment_words_insert",
    "DROP TRIGGER IF EXISTS comment_words_update",
    "DROP TRIGGER IF EXISTS comment_words_delete",
    "DROP VIEW IF EXISTS comment_text",
)


def matching(query: str) -> Q:
    """Return the condition that a comment's text and author name contain all words of a query.

    The last word matches as a prefix. A query without words matches nothing.
    """
    words = re.findall(r"\w+", query)[:MAX_WORDS]
    if not words:
        return Q(pk__in=[])
    if connections[router.db_for_read(Comment)].vendor == "postgresql":
        expression = " & ".join(f"'{word}'" for word in words) + ":*"
        sql = (
            "SELECT id FROM comments_comment "
            "WHERE to_tsvector('simple', author_name || ' ' || body) @@ to_tsquery('simple', %s)"
        )
    else:
        expression = " ".join(f'"{word}"' for word in words) + "*"
        sql = (
            "SELECT id FROM comment_words JOIN comment_number "
            "ON comment_number.number = comment_words.rowid WHERE comment_words MATCH %s"
        )
    return Q(pk__in=RawSQL(sql, [expression]))  # noqa: S611 - the words are a parameter


def drop_sqlite_triggers(*, using: str, plan: list[Any], **_: Any) -> None:
    """Drop what refers to the comments table before migrations change it (`pre_migrate`)."""
    if plan and connections[using].vendor == "sqlite":
        _execute(using, SQLITE_DROP_TRIGGERS)


def create_index(*, using: str, **_: Any) -> None:
    """Create the index where it is missing (`post_migrate`)."""
    connection = connections[using]
    tables = {info.name for info in connection.introspection.get_table_list(connection.cursor())}
    if Comment._meta.db_table not in tables:
        return
    if connection.vendor == "postgresql":
        _execute(using, [POSTGRES_INDEX])
    elif "comment_text" not in tables:
        _execute(using, SQLITE_INDEX)


def _execute(using: str, statements: Any) -> None:
    with connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
