"""Leave out what PostgreSQL checks and keeps for each row while an empty database is filled.

As PostgreSQL's manual advises (section "Populating a Database"): indexes are built, and foreign
keys checked, once for all rows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models, transaction

# Each statement that is given back makes again what the one beside it takes away. The index of a
# primary key stays, for foreign keys of other tables need it.
_CONSTRAINTS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                  pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u')
    ORDER BY contype DESC, conname"""
_INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = ANY(%s::regclass[])
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY indexrelid"""
# What sorts so many rows needs more memory than what serves readers.
_MEMORY = "SET LOCAL maintenance_work_mem = '512MB'"


@contextmanager
def without_indexes(tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """Insert rows into tables without indexes and foreign keys, and make them again at the end.

    All of it is one transaction, for which nobody else can read these tables: where it ends early,
    nothing has happened. On SQLite rows are inserted as they always are.
    """
    with transaction.atomic():
        if connection.vendor != "postgresql":
            yield
            return
        names = [f'"{model._meta.db_table}"' for model in tables]
        with connection.cursor() as cursor:
            # Rows whose foreign keys are still to be checked would be in the way.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            again = [*_taken_away(_CONSTRAINTS, names), *_taken_away(_INDEXES, names)]
            yield
            cursor.execute(_MEMORY)
            # Indexes first: foreign keys are checked by them.
            for statement in reversed(again):
                cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _taken_away(query: str, names: list[str]) -> list[str]:
    """Drop what a query names, and return the statements that make it again."""
    with connection.cursor() as cursor:
        cursor.execute(query, [names])
        pairs: list[tuple[str, str]] = cursor.fetchall()
        for drop, _ in pairs:
            cursor.execute(drop)
    return [make for _, make in pairs]
