"""Near copies: rows that differ in little from rows that were learned from prove nothing.

Campaigns and quotations repeat with other beginnings, endings and names. A row is a near copy when
more than half of its runs of five words are in rows of the other side; of a row shorter than that,
all its words are the run.
"""

import re
from collections.abc import Iterator, Sequence

from ml.dataset import Row

RUN = 5
SHARED = 0.5
_WORD = re.compile(r"[^\W\d_]+")


def without_copies(rows: Sequence[Row], *, of: Sequence[Row]) -> list[Row]:
    """Return those of the rows that are no near copies of any row of the other side."""
    wanted = [set(_runs(row.text)) for row in rows]
    asked = set[int]().union(*wanted)
    found: set[int] = set()
    for other in of:
        found.update(asked.intersection(_runs(other.text)))
    return [
        row
        for row, runs in zip(rows, wanted, strict=True)
        if len(runs & found) <= SHARED * len(runs) or not runs
    ]


def _runs(text: str) -> Iterator[int]:
    """Yield a number for each run of words, without their case, digits and signs."""
    words = _WORD.findall(text.casefold())
    if len(words) < RUN:
        yield from [hash(tuple(words))] if words else []
    # The numbers differ between processes, and are compared within one alone.
    yield from map(hash, zip(*(words[i:] for i in range(RUN)), strict=False))
