"""How the database is spoken to, whichever it is."""

from pathlib import Path
from typing import Any

import environ

POSTGRESQL, OUR_POSTGRESQL = "django.db.backends.postgresql", "config.postgresql"
SQLITE = "django.db.backends.sqlite3"
# Immediate transactions queue for the write lock instead of failing half-way. A commit is flushed
# to the disk before the reader hears 201: an accepted comment survives a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}


def default(data_dir: Path) -> dict[str, Any]:
    """Return the database of an installation that names none: a file of SQLite."""
    return dict(environ.Env.db_url_config(f"sqlite:///{data_dir}/db.sqlite3"))


def with_options(database: dict[str, Any], *, pooled: bool = False) -> dict[str, Any]:
    """Return Django's settings of a database, with what we want of its connections.

    `pooled`: a pooler stands before PostgreSQL, and each transaction may have another connection.
    """
    own: dict[str, Any] = {"CONN_HEALTH_CHECKS": True}
    if database["ENGINE"] == SQLITE:
        own = {"OPTIONS": SQLITE_OPTIONS}
    elif database["ENGINE"] == POSTGRESQL:
        own |= {"ENGINE": OUR_POSTGRESQL, "IS_POOLED": pooled}
    return database | own | {"CONN_MAX_AGE": 60}
