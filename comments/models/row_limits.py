"""Limits of what grows by one party's will: so many rows of a kind, and no more."""

from typing import Any

from django.db.models import QuerySet

from comments.limits import LimitReached


def require_room(
    rows: QuerySet[Any], *, most: int, what: str, remedy: str = "end some of them first"
) -> None:
    """Raise LimitReached unless there are fewer than `most` rows; `what` names them in plural.

    Rows that are added at the same moment may exceed the limit by their number.
    """
    if rows[:most].count() >= most:
        raise LimitReached(f"There are {most} {what}, and can be no more: {remedy}.")
