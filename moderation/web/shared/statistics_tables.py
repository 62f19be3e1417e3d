"""The statistics of a period as tables, for the desk and for moderators' tools."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from comments.models import Status
from moderation.rules.verdicts import Verdict

Table = tuple[Sequence[str], Iterable[Sequence[Any]]]
STATUSES, VERDICTS = Status.values, [verdict.value for verdict in Verdict]
# The columns of the tables whose rows are mappings.
COLUMNS = {
    "threads": ("title", "site", "comments", "refused"),
    "load": ("moderator", "decisions", "approved", "refused", "undone"),
    "precision": (
        "ground",
        "source",
        "refused",
        "approved",
        "precision",
        "low",
        "high",
        "promised",
    ),
}
NAMES = ("received", "decisions", "ages", *COLUMNS)


def table(figures: Mapping[str, Any], name: str) -> Table:
    """Return one of NAMES: its header and its rows."""
    if name == "received":
        return _by_day(figures["received_by_day"], STATUSES)
    if name == "decisions":
        return _by_day(figures["days"], VERDICTS)
    if name == "ages":
        return ("waits", "comments"), list(figures["ages"].items())
    columns = COLUMNS[name]
    return columns, [[row[column] for column in columns] for row in figures[name]]


def _by_day(days: Iterable[Mapping[str, Any]], kinds: Sequence[str]) -> Table:
    rows = [[day["day"], *(day.get(kind, 0) for kind in kinds)] for day in days]
    return ("day", *kinds), rows
