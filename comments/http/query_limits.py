"""Queries: how many values one parameter may have, whatever reads it.

Each value costs: a filter of the desk takes them into its SQL, a page repeats them in its links.
How many parameters there may be in all is Django's limit (DATA_UPLOAD_MAX_NUMBER_FIELDS).
"""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase

MOST_VALUES = 500
# The admin's lookups that take several values in one, and what divides them.
LISTS, SEPARATOR = ("__in", "__range"), ","


class TooManyValues(BadRequest):
    """A parameter of the query has more than MOST_VALUES values; the message says which."""


def limit(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Make the middleware that answers such queries with 400."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        for name, values in request.GET.lists():
            if _count(name, values) > MOST_VALUES:
                raise TooManyValues(f"Send {MOST_VALUES} values of “{name[:40]}” at most.")
        return get_response(request)

    return middleware


def _count(name: str, values: list[str]) -> int:
    if not name.endswith(LISTS):
        return len(values)
    return sum(value.count(SEPARATOR) + 1 for value in values)
