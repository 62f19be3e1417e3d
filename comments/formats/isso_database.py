"""Read the tables of somebody's SQLite database, which may be made to do harm.

A view in it can be an endless query, a virtual table can run code of an extension, an expression in
the schema can call functions. So only rows of real tables are read, one by one, by statements of
our own; an authorizer refuses all else when a statement is compiled. See
<https://www.sqlite.org/security.html>, "Untrusted SQLite Database Files".
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from comments.formats.files import UnreadableFile

TABLES: Mapping[str, Sequence[str]] = {
    "threads": ("id", "uri", "title"),
    "comments": (
        "tid", "id", "parent", "created", "modified", "mode",
        "remote_addr", "text", "author", "email", "website",
    ),
}  # fmt: skip
SCHEMA = "sqlite_master"
# The longest value, in bytes; a row with a longer one can't be read.
MAX_VALUE = 8 * 1024 * 1024
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MAX_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 10,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 2,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 4,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 50,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 4,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
PRAGMAS = ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "temp_store=MEMORY",
           "cache_size=-4000", "query_only=ON")  # fmt: skip
# The progress handler is called after so many instructions of SQLite's virtual machine, and ends a
# statement at its thousandth call: one that reads a row of ours needs some dozens.
INSTRUCTIONS_PER_CALL, MAX_CALLS = 1000, 1000
ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)


class BrokenRow(ValueError):
    """Raised for a row that SQLite can't read; the next ones may be readable."""


class Database:
    """An open database; each statement has a budget of instructions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection, self.calls = connection, 0
        connection.set_progress_handler(self._count, INSTRUCTIONS_PER_CALL)

    def require_tables(self) -> None:
        """Raise UnreadableFile unless the tables are there, and are real ones."""
        for name, columns in TABLES.items():
            kind = f"SELECT type, rootpage FROM {SCHEMA} WHERE name = ?"  # noqa: S608
            found = self._one(kind, name)
            if found is None or found[0] != "table" or not found[1]:
                raise UnreadableFile(f"This is no database of Isso: it has no table “{name}”.")
            self._one(f"SELECT rowid, {', '.join(columns)} FROM {name} LIMIT 0")  # noqa: S608

    def has(self, comment_id: str) -> bool:
        """Return whether there is a comment with this id, as far as SQLite can tell."""
        with suppress(sqlite3.Error):
            return bool(self._one("SELECT 1 FROM comments WHERE id = ? LIMIT 1", comment_id))
        return False

    def rowids(self, table: str) -> Iterator[int]:
        """Yield the row ids of a table, ascending. Raises UnreadableFile."""
        last: int | None = None
        first = f"SELECT rowid FROM {table} ORDER BY rowid LIMIT 1"  # noqa: S608
        following = f"SELECT rowid FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT 1"  # noqa: S608
        while found := self._one(first) if last is None else self._one(following, last):
            # In a damaged tree, or with a column of that name, the way leads in a circle.
            if type(found[0]) is not int or (last is not None and found[0] <= last):
                raise UnreadableFile("This is no database of Isso that can be read: it is damaged.")
            last = found[0]
            yield last

    def row(self, table: str, rowid: int) -> Mapping[str, Any]:
        """Return a row by column. Raises BrokenRow."""
        columns = TABLES[table]
        query = f"SELECT {', '.join(columns)} FROM {table} WHERE rowid = ?"  # noqa: S608
        try:
            found = self._one(query, rowid)
        except sqlite3.Error as error:
            raise BrokenRow(str(error)) from None
        if found is None:
            raise BrokenRow("it is not there")
        return dict(zip(columns, found, strict=True))

    def _one(self, query: str, *parameters: Any) -> Any:
        self.calls = 0
        with closing(self.connection.execute(query, parameters)) as cursor:
            return cursor.fetchone()

    def _count(self) -> bool:
        self.calls += 1
        return self.calls > MAX_CALLS


@contextmanager
def opened(path: Path, *, unpacked: bytes = b"") -> Iterator[Database]:
    """Open a database for reading, or `unpacked` where its file is packed.

    Raises UnreadableFile, and for whatever SQLite refuses.
    """
    try:
        with closing(_connected(path, unpacked)) as connection:
            # SQLite checks no encoding: a text column may hold any bytes.
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            for limit, value in LIMITS.items():
                connection.setlimit(limit, value)
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.set_authorizer(_authorize)
            database = Database(connection)
            database.require_tables()
            yield database
    except sqlite3.Error as error:
        raise UnreadableFile(f"This is no database of Isso: {error}") from None


def _connected(path: Path, unpacked: bytes) -> sqlite3.Connection:
    if unpacked:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.deserialize(unpacked)
        return connection
    # Immutable: SQLite makes not even a journal beside somebody's database.
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, isolation_level=None)


def _authorize(
    action: int, name: str | None, _column: str | None, _database: str | None, inside: str | None
) -> int:
    """Allow to read the tables themselves; `inside` names the view or trigger that asks."""
    is_ours = action != sqlite3.SQLITE_READ or name in (*TABLES, SCHEMA)
    if action in ALLOWED and is_ours and inside is None:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
