"""Write a backup: one moment of the database, while it is in use."""

import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction

from comments.privacy import email_addresses
from leave_a_reply import __version__
from moderation.management.backups import columns

FORMAT = 1
# What is encrypted in the first line, so that a restore knows whether it has the right keys.
PROOF = "leave-a-reply"
CHUNK = 1000


def write(path: Path, *, now: datetime) -> int:
    """Write a backup to a file that only its owner can read; return how many rows it has.

    It takes its name when it is whole. Raises OSError.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw, gzip.open(raw, "wt", encoding="utf-8") as file:
            count = _write(file, now=now)
        temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
    return count


def _write(file: IO[str], *, now: datetime) -> int:
    proof = email_addresses.encrypt(PROOF)
    _line(file, {"format": FORMAT, "version": __version__, "written_at": now, "proof": proof})
    count = 0
    with one_moment():
        for model in columns.tables():
            table = {"table": model._meta.db_table, "columns": columns.columns(model)}
            _line(file, table)
            for row in columns.rows(model).iterator(chunk_size=CHUNK):
                _line(file, row)
                count += 1
    _line(file, {"rows": count})
    return count


def _line(file: IO[str], value: Any) -> None:
    file.write(json.dumps(value, default=columns.as_json, ensure_ascii=False) + "\n")


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as it was at one moment, in nobody's way."""
    if connection.vendor == "sqlite":
        # In place of IMMEDIATE, by which nobody could write meanwhile. It is there once connected.
        connection.ensure_connection()
        sqlite: Any = connection
        former, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            sqlite.transaction_mode = former
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield
