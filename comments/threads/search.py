"""Full-text search of comments: PostgreSQL's text search, SQLite's FTS5.

Both use a configuration without a language ("simple", "unicode61"), since readers write in many.
The index is created after each `migrate` where it is missing: migrations can't tell databases
apart.
"""

import re
from collections.abc import Sequence
from typing import Any
from unicodedata import combining, normalize

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.db.models.expressions import RawSQL

from comments.models import Comment

MAX_WORDS = 20
WORD = re.compile(r"\w+")
LETTERS = re.compile(r"[^\W_]+")
POSTGRES_INDEX = (
    "CREATE INDEX IF NOT EXISTS comment_words ON comments_comment "
    "USING gin (to_tsvector('simple', author_name || ' ' || body))"
)
# Words are common when so many of a sample of the newest comments have them.
SAMPLE, COMMON = 400, 4
SQLITE_MATCHING = (
    "SELECT id FROM comment_words JOIN comment_number "
    "ON comment_number.number = comment_words.rowid WHERE comment_words MATCH %s"
)
POSTGRES_MATCHING = (
    "SELECT id FROM comments_comment WHERE to_tsvector('simple', author_name || ' ' || body) @@"
)
HAS_WORDS = "comment_has_words"
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


def matching(query: str, *, prefix: str = "") -> Q:
    """Return the condition that a comment's text and author name contain all words of a query.

    The last word matches as a prefix. A query without words matches nothing. `prefix` leads from
    the rows that are filtered to the comment, such as `comment__`.

    Rare words are looked up in the index. With common ones, the texts themselves are tested: a list
    is then read in its order until a page is full, while the index would give all that match,
    however many there are. How common they are is asked first, since the databases don't know it:
    SQLite nothing at all, PostgreSQL nothing of prefixes.
    """
    words = words_of(query)
    if not words:
        return Q(pk__in=[])
    is_postgres = connections[router.db_for_read(Comment)].vendor == "postgresql"
    text_has, look_up = (
        (_postgres_text_has, _postgres_index) if is_postgres else (_sqlite_text_has, _sqlite_index)
    )
    newest = Comment.objects.order_by("-id").values("pk")[:SAMPLE]
    is_common = Comment.objects.filter(text_has(words, ""), pk__in=newest).count() >= COMMON
    return text_has(words, prefix) if is_common else look_up(words, prefix)


def words_of(query: str) -> list[str]:
    """Return the words of a query, of which the first ones count."""
    return WORD.findall(query)[:MAX_WORDS]


def _postgres_index(words: Sequence[str], prefix: str) -> Q:
    """Return the condition by the index, all of whose matches are read before anything else.

    The planner may think a rare word common, and would then read a list up to its end.
    """
    return Q(
        Func(
            F(f"{prefix}pk"),
            _tsquery(words),
            template="%(expressions)s))",
            arg_joiner=f" = ANY(ARRAY({POSTGRES_MATCHING} ",
            output_field=BooleanField(),
        )
    )


def _postgres_text_has(words: Sequence[str], prefix: str) -> Q:
    """Return the condition in a form that is no condition of the index.

    The planner takes it to hold for half of the rows, where it would think that no text has three
    common words.
    """
    text = Func(
        F(f"{prefix}author_name"),
        F(f"{prefix}body"),
        template="to_tsvector('simple', %(expressions)s)",
        arg_joiner=" || ' ' || ",
        output_field=TextField(),
    )
    return Q(
        Func(
            text,
            _tsquery(words),
            template="CASE WHEN %(expressions)s THEN TRUE ELSE FALSE END",
            arg_joiner=" @@ ",
            output_field=BooleanField(),
        )
    )


def _tsquery(words: Sequence[str]) -> Func:
    tsquery = Value(" & ".join(f"'{word}'" for word in words) + ":*")
    return Func(tsquery, template="to_tsquery('simple', %(expressions)s)", output_field=TextField())


def _sqlite_index(words: Sequence[str], prefix: str) -> Q:
    expression = " ".join(f'"{word}"' for word in words) + "*"
    ids = RawSQL(SQLITE_MATCHING, [expression])  # noqa: S611 - the words are a parameter
    return Q(**{f"{prefix}pk__in": ids})


def _sqlite_text_has(words: Sequence[str], prefix: str) -> Q:
    texts = F(f"{prefix}author_name"), F(f"{prefix}body")
    return Q(Func(*texts, Value(" ".join(words)), function=HAS_WORDS, output_field=BooleanField()))


def has_words(author_name: str, body: str, query: str) -> bool:
    """Tell whether a text and a name contain all words of a query, the last one as a prefix.

    Like FTS5 it takes no account of case and diacritics.
    """
    if not (searched := _folded(query)):
        return False
    *whole, last = searched
    words = set(_folded(f"{author_name} {body}"))
    return words.issuperset(whole) and any(word.startswith(last) for word in words)


def _folded(text: str) -> list[str]:
    text = text.casefold()
    if not text.isascii():
        # Each character by itself: to sort a long run of marks would take quadratic time.
        parts = (part for character in text for part in normalize("NFD", character))
        text = "".join(part for part in parts if not combining(part))
    return LETTERS.findall(text)


def register_function(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give a new connection to SQLite the function `has_words` (`connection_created`)."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(HAS_WORDS, 3, has_words, deterministic=True)


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
