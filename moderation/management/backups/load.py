"""Read a backup into an empty database, all of it or nothing."""

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from cryptography.fernet import InvalidToken
from django.core.management.color import no_style
from django.db import connection, models, transaction

from comments.models import Site, User
from comments.privacy import email_addresses
from moderation.management.backups import columns
from moderation.management.backups.dump import CHUNK, FORMAT, PROOF


class BackupRefused(Exception):
    """A backup can't be restored here; the text says why, and what to do."""


@transaction.atomic
def read(path: Path) -> int:
    """Restore a backup, and return how many rows it has. Raises BackupRefused and OSError."""
    if Site.objects.exists() or User.objects.exists():
        raise BackupRefused(
            "The database is not empty. Restore into a new one: set DATABASE_URL, then `migrate`."
        )
    with gzip.open(path, "rt", encoding="utf-8") as file:
        try:
            return _read(file)
        except (EOFError, gzip.BadGzipFile, UnicodeDecodeError, json.JSONDecodeError):
            raise BackupRefused("The file is damaged, or no backup of Leave a Reply.") from None


def _read(file: IO[str]) -> int:
    head = json.loads(file.readline())
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BackupRefused("The file is no backup that this version can read.")
    _check_keys(head["proof"])
    by_table = {model._meta.db_table: model for model in columns.tables()}
    # What `migrate` puts into a new database comes from the backup, too.
    _empty(list(by_table.values()))
    count = 0
    model: type[models.Model] | None = None
    for line, chunk in _chunks(file):
        if line is not None and "rows" in line:
            return _complete(count, line["rows"], list(by_table.values()))
        if line is not None:
            model = _table(line, by_table, version=head["version"])
        elif model is not None:
            _insert(model, chunk)
            count += len(chunk)
    raise BackupRefused("The file ends too early: it was not written to its end.")


def _check_keys(proof: str) -> None:
    try:
        right = email_addresses.decrypt(proof) == PROOF
    except InvalidToken:
        right = False
    if not right:
        raise BackupRefused(
            "EMAIL_KEYS does not open the addresses of this backup. Set the keys that were in use "
            "when it was written; new ones may stand before them."
        )


def _empty(every: list[type[models.Model]]) -> None:
    with connection.cursor() as cursor:
        for model in every:
            if model._base_manager.exists():
                cursor.execute(f"DELETE FROM {_quoted(model._meta.db_table)}")  # noqa: S608


def _chunks(file: IO[str]) -> Iterator[tuple[dict[str, Any] | None, list[list[Any]]]]:
    """Yield lines that are no rows, one by one, and rows together."""
    values = map(json.loads, file)
    chunk: list[list[Any]] = []
    for value in values:
        if isinstance(value, list):
            chunk = [value]
            for following in islice(values, CHUNK - 1):
                if isinstance(following, dict):
                    yield None, chunk
                    chunk = []
                    yield following, []
                    break
                chunk.append(following)
            if chunk:
                yield None, chunk
        else:
            yield value, []


def _table(
    line: dict[str, Any], by_table: dict[str, type[models.Model]], *, version: str
) -> type[models.Model]:
    model = by_table.get(line["table"])
    if model is None or line["columns"] != columns.columns(model):
        raise BackupRefused(
            f"The tables of version {version}, which wrote the backup, are others than ours "
            f"({line['table']}). Restore it with that version, and then upgrade."
        )
    return model


def _insert(model: type[models.Model], chunk: list[list[Any]]) -> None:
    names = ", ".join(map(_quoted, columns.columns(model)))
    places = ", ".join(["%s"] * len(columns.columns(model)))
    table = _quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608
            [columns.prepared(model, row, connection) for row in chunk],
        )


def _complete(count: int, expected: int, every: list[type[models.Model]]) -> int:
    if count != expected:
        raise BackupRefused(f"The file has {count} rows where it should have {expected}.")
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), every):
            cursor.execute(statement)
    return count


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
