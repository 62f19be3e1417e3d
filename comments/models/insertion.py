"""Insert rows with one statement, whose SQL is compiled once, and without savepoints."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connections, models, router
from django.db.models.constants import OnConflict
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import InsertQuery

from comments.models.compiled import prepared_cursor


class Insertion:
    """A row to insert, with the values that it has now, as its fields pass them on.

    The row must have its primary key, or nobody may need it: the database's own is not read back.
    What the row leaves to a default of the database (`db_default`) is read once it is asked for.
    """

    def __init__(self, row: models.Model) -> None:
        self.row = row
        self.using = router.db_for_write(type(row), instance=row)
        connection = connections[self.using]
        self._left_out = _left_to_database(row)
        self.values = [
            field.get_db_prep_save(field.pre_save(row, True), connection)
            for field in _fields(type(row), self._left_out)
        ]

    def sql(self, *, unless_there: bool = False) -> str:
        """Return the statement; with `unless_there` it leaves a row that is there as it is."""
        return _sql(type(self.row), self.using, unless_there, self._left_out)

    def mark_stored(self) -> None:
        """Leave the row as `save` does."""
        self.row._state.adding, self.row._state.db = False, self.using
        for name in self._left_out:
            # Deferred, as by `QuerySet.defer`.
            delattr(self.row, name)


def insert_if_new(row: models.Model) -> bool:
    """Insert a row; return False when a unique constraint shows that there is one already.

    Where another transaction is inserting the same row, this one waits for its end.
    """
    insertion = Insertion(row)
    with connections[insertion.using].cursor() as cursor:
        cursor.execute(insertion.sql(unless_there=True), insertion.values)
        is_new = bool(cursor.rowcount)
    if is_new:
        insertion.mark_stored()
    return is_new


def insert_all(insertions: Sequence[Insertion], *, last: bool = False) -> None:
    """Insert rows of any models: at once where the database takes several in a statement.

    Rows may refer to each other. With `last` nothing else is stored after them in the transaction:
    where nothing was before, it is one statement, which needs no transaction around it. Raises
    IntegrityError where one is there already; nothing is stored then.
    """
    connection = connections[insertions[0].using]
    with prepared_cursor(connection, alone=last) as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                _together([one.sql() for one in insertions]),
                [value for one in insertions for value in one.values],
            )
        else:
            for one in insertions:
                cursor.execute(one.sql(), one.values)
    for one in insertions:
        one.mark_stored()


def _together(statements: Sequence[str]) -> str:
    """Return one statement: all but the last are common table expressions that write."""
    *first, last = statements
    if not first:
        return last
    named = ", ".join(f"inserted_{n} AS ({sql})" for n, sql in enumerate(first))
    return f"WITH {named} {last}"


def _left_to_database(row: models.Model) -> tuple[str, ...]:
    """Return the attributes of which the database is to give the default."""
    named = _with_default(type(row))
    return tuple(name for name in named if isinstance(getattr(row, name), DatabaseDefault))


@cache
def _with_default(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in _fields(model) if field.has_db_default())


@cache
def _fields(
    model: type[models.Model], left_out: tuple[str, ...] = ()
) -> "list[models.Field[Any, Any]]":
    """Return the fields of a model, but for those to which the database gives their values."""
    fields = model._meta.concrete_fields
    own = [field for field in fields if not isinstance(field, models.AutoField)]
    return [field for field in own if field.attname not in left_out]


@cache
def _sql(
    model: type[models.Model], using: str, unless_there: bool, left_out: tuple[str, ...]
) -> str:
    query = InsertQuery(model, on_conflict=OnConflict.IGNORE if unless_there else None)
    # Of which the values do not matter, and no id is made.
    row = model(**dict.fromkeys((str(model._meta.pk.attname), *_with_default(model))))
    query.insert_values(_fields(model, left_out), [row])
    ((sql, _values),) = query.get_compiler(using).as_sql()
    return str(sql)
