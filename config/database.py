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

# Seconds without an answer from the other machine (unplugged, or a network that is cut) after which
# a connection to PostgreSQL is given up, by us and by it. Without it PostgreSQL holds the rows that
# a lost machine had locked for two hours. Whoever sets one of these in DATABASE_URL wins.
SILENCE = 15
PROBES = {"idle": 5, "interval": 5, "count": 2}
POSTGRESQL_OPTIONS = {
    "connect_timeout": SILENCE,
    "tcp_user_timeout": SILENCE * 1000,
    **{f"keepalives_{name}": value for name, value in PROBES.items()},
}
# What we ask of its end of the connection. To compile a statement takes PostgreSQL a tenth of a
# second, and it compiles what it believes to be dear: on large tables, lists that are read in one
# millisecond.
SESSION = {
    "jit": "off",
    "tcp_user_timeout": f"{SILENCE}s",
    **{f"tcp_keepalives_{name}": str(value) for name, value in PROBES.items()},
}

# A replica is given up sooner, since the primary answers in its place; libpq takes less than two
# seconds to connect for two.
REPLICA_OPTIONS = {
    "connect_timeout": 2,
    "tcp_user_timeout": 3000,
    "keepalives_idle": 1,
    "keepalives_interval": 1,
    "keepalives_count": 2,
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
        options = POSTGRESQL_OPTIONS | database.get("OPTIONS", {})
        own |= {"ENGINE": OUR_POSTGRESQL, "IS_POOLED": pooled, "OPTIONS": options}
    return database | own | {"CONN_MAX_AGE": 60}


def replica(database: dict[str, Any], *, pooled: bool = False) -> dict[str, Any]:
    """Return Django's settings of a streaming replica: see `comments/databases/replica.py`."""
    options = REPLICA_OPTIONS | database.get("OPTIONS", {})
    # Tests that run with one read the primary, and never make a second database.
    own = {"IS_REPLICA": True, "TEST": {"MIRROR": "default"}}
    return with_options(database | {"OPTIONS": options}, pooled=pooled) | own
