"""Cursors for keyset pagination of a thread, and the orderings that they page through.

A cursor names the comment at which a page ended, not an offset, so pages neither repeat nor skip
anything while comments are published.
"""

from enum import StrEnum
from math import isfinite
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q


class Sort(StrEnum):
    """The ordering of the root comments of a thread."""

    NEWEST = "newest"
    OLDEST = "oldest"
    BEST = "best"


class Cursor(NamedTuple):
    """A position next to the comment with this id and rank; `backwards` pages towards the start."""

    id: UUID
    best: float = 0.0
    backwards: bool = False


class InvalidCursor(ValueError):
    """The string is no cursor that `encode` made."""


def encode(cursor: Cursor) -> str:
    """Return a cursor as an opaque string for URLs."""
    return f"{'b' if cursor.backwards else 'a'}{cursor.id.hex}{cursor.best!r}"


def decode(token: str) -> Cursor:
    """Return the cursor in a string that `encode` made. Raises InvalidCursor."""
    try:
        cursor = Cursor(UUID(token[1:33]), float(token[33:]), token[0] == "b")
    except (ValueError, IndexError):
        raise InvalidCursor("This cursor is none of ours.") from None
    if token[0] not in "ab" or not isfinite(cursor.best):
        raise InvalidCursor("This cursor is none of ours.")
    return cursor


def ordering(sort: Sort, *, backwards: bool = False) -> tuple[str, ...]:
    """Return the `order_by` arguments of an ordering; each of them has an index."""
    fields = ("best", "id") if sort is Sort.BEST else ("id",)
    descending = (sort is not Sort.OLDEST) != backwards
    return tuple(f"-{field}" if descending else field for field in fields)


def after(sort: Sort, cursor: Cursor, *, inclusive: bool = False) -> Q:
    """Return the condition for comments after a cursor, in the order of `ordering`.

    With `inclusive` the comment at the cursor matches, too.
    """
    descending = (sort is not Sort.OLDEST) != cursor.backwards
    lookup = "lt" if descending else "gt"
    by_id = Q(**{f"id__{lookup}e" if inclusive else f"id__{lookup}": cursor.id})
    if sort is not Sort.BEST:
        return by_id
    # The first condition is what the index can begin at.
    return Q(**{f"best__{lookup}e": cursor.best}) & (Q(**{f"best__{lookup}": cursor.best}) | by_id)
