"""Places in a thread: the orders in which comments stand, and cursors that mark a place in one.

A cursor names the comment at which a page ended, and not how many came before: pages neither
repeat nor leave out anything while comments are published, which numbered pages would.
"""

from enum import StrEnum
from math import isfinite
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q


class Sort(StrEnum):
    """In which order the comments at the top of a thread stand."""

    NEWEST = "newest"
    OLDEST = "oldest"
    BEST = "best"


class Cursor(NamedTuple):
    """A place behind a comment, of this id and rank; `backwards` for what stands before it."""

    id: UUID
    best: float = 0.0
    backwards: bool = False


class InvalidCursor(ValueError):
    """A cursor that is none of ours."""


def write(place: Cursor) -> str:
    """Return a place as a cursor, to be sent back as it is."""
    return f"{'b' if place.backwards else 'a'}{place.id.hex}{place.best!r}"


def read(cursor: str) -> Cursor:
    """Return the place that a cursor marks; raise InvalidCursor when it marks none."""
    try:
        place = Cursor(UUID(cursor[1:33]), float(cursor[33:]), cursor[0] == "b")
    except (ValueError, IndexError):
        raise InvalidCursor("This cursor is none of ours.") from None
    if cursor[0] not in "ab" or not isfinite(place.best):
        raise InvalidCursor("This cursor is none of ours.")
    return place


def order(sort: Sort, *, backwards: bool = False) -> tuple[str, ...]:
    """Return by what to order comments, each order being one that an index has."""
    fields = ("best", "id") if sort is Sort.BEST else ("id",)
    falling = (sort is not Sort.OLDEST) != backwards
    return tuple(f"-{field}" if falling else field for field in fields)


def beyond(sort: Sort, place: Cursor, *, inclusive: bool = False) -> Q:
    """Return the condition for comments beyond a place, in the order of `order`.

    `inclusive` is for those at the place as well.
    """
    falling = (sort is not Sort.OLDEST) != place.backwards
    way = "lt" if falling else "gt"
    by_id = Q(**{f"id__{way}e" if inclusive else f"id__{way}": place.id})
    if sort is not Sort.BEST:
        return by_id
    # The first condition is what the index can begin at.
    return Q(**{f"best__{way}e": place.best}) & (Q(**{f"best__{way}": place.best}) | by_id)
