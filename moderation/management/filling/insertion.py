"""Insert many rows: by COPY on PostgreSQL, by one prepared statement on SQLite."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import AutoField

Row = Mapping[str, Any]


def insert(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Insert rows that map names of fields to values; fields without a value get their default.

    JSON values are given as text. Ids that the database counts are left to it.
    """
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, AutoField)]
    defaults = {f.attname: _default(f) for f in fields}
    names = [f.attname for f in fields]
    values = ([row.get(name, defaults[name]) for name in names] for row in rows)
    columns = ", ".join(f'"{f.column}"' for f in fields)
    table = f'"{model._meta.db_table}" ({columns})'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(fields))
            adapted = [[_adapted(value) for value in row] for row in values]
            cursor.executemany(f"INSERT INTO {table} VALUES ({places})", adapted)  # noqa: S608


def _default(field: "models.Field[Any, Any]") -> Any:
    default = None if field.primary_key else field.get_default()
    return field.get_db_prep_save(default, connection) if default is not None else None


def _adapted(value: Any) -> Any:
    """Return a value as Django stores it in SQLite."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
