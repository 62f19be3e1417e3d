"""SQL that is compiled once is used with the connection that its thread has now."""

from django.db import DEFAULT_DB_ALIAS, connections

from comments.models import Site
from comments.models.compiled import CompiledQuery


def test_a_query_is_compiled_once_for_a_connection_and_anew_for_another() -> None:
    query = CompiledQuery(lambda: Site.objects.values_list("slug"))
    first, own = query._compiled(), connections[DEFAULT_DB_ALIAS]
    assert query._compiled() is first
    other = own.copy()
    connections[DEFAULT_DB_ALIAS] = other
    try:
        assert query._compiled().compiler.connection is other
    finally:
        connections[DEFAULT_DB_ALIAS] = own
    assert query._compiled().compiler.connection is own
