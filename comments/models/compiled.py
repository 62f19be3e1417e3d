"""Queries whose SQL is compiled once: for the few that almost every request makes.

Django takes longer to compile such a query than the database takes to answer it.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.sql.compiler import SQLCompiler


class Parameter(models.Value):
    """A value of a compiled query that is only known when it is run, by its name."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(name, output_field=field)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        """Leave a place for the value."""
        return "%s", [self]

    def prepared(self, values: dict[str, Any], connection: Any) -> Any:
        """Return the value as the driver of the database takes it."""
        return self.output_field.get_db_prep_value(values[self.value], connection)


Row = TypeVar("Row", bound=models.Model)


def columns(model: type[models.Model], *, of: str = "") -> list[str]:
    """Return the columns of a model for `values_list`, those of a relation where one is named."""
    prefix = f"{of}__" if of else ""
    return [f"{prefix}{field.attname}" for field in model._meta.concrete_fields]


def instance(model: type[Row], values: Sequence[Any]) -> Row | None:
    """Return the row with these values of its `columns`; None where an outer join found nothing."""
    found = values[0] is not None
    return model.from_db(DEFAULT_DB_ALIAS, columns(model), values) if found else None


def prepared_cursor(connection: Any, *, alone: bool = False) -> Any:
    """Return a cursor for statements that are the same each time, but for their values.

    With `alone` a statement is sent before the transaction that it would be the first of: one that
    stores must be the last as well.
    """
    if connection.vendor == "postgresql":
        return connection.prepared_cursor(alone=alone)
    return connection.cursor()


class _Compiled(NamedTuple):
    compiler: SQLCompiler
    sql: str
    parameters: Sequence[Any]
    converters: dict[int, Any]


class CompiledQuery:
    """A query of `values_list`, made by `build`, with a Parameter for each value that changes."""

    def __init__(self, build: Callable[[], "models.QuerySet[Any, Any]"]) -> None:
        self._build = build
        # A compiler belongs to a connection, and so to a thread.
        self._local = threading.local()

    def rows(self, **values: Any) -> list[Any]:
        """Run the query with these values; return its rows, each with a list of columns."""
        compiled = self._compiled()
        connection = compiled.compiler.connection
        parameters = [
            one.prepared(values, connection) if isinstance(one, Parameter) else one
            for one in compiled.parameters
        ]
        with prepared_cursor(connection, alone=True) as cursor:
            cursor.execute(compiled.sql, parameters)
            rows = cursor.fetchall()
        return list(compiled.compiler.apply_converters(rows, compiled.converters))

    def _compiled(self) -> _Compiled:
        compiled: _Compiled | None = getattr(self._local, "compiled", None)
        # A thread may be given another connection.
        if compiled is None or compiled.compiler.connection is not connections[DEFAULT_DB_ALIAS]:
            compiled = self._local.compiled = self._compile()
        return compiled

    def _compile(self) -> _Compiled:
        queryset = self._build()
        compiler = queryset.query.get_compiler(connection=connections[DEFAULT_DB_ALIAS])
        sql, parameters = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select]
        return _Compiled(compiler, sql, parameters, compiler.get_converters(columns))
