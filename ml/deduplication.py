"""Remove test rows that are near-duplicates of training rows, and so prove nothing.

Campaigns and quotations repeat with other beginnings, endings and names. A row is a near-duplicate
when more than half of its shingles (runs of five words; Broder 1997) are in training rows; a
shorter row is one shingle as a whole.
"""

import re
from collections.abc import Iterator, Sequence

from ml.dataset import Row

SHINGLE_WORDS = 5
MAX_SHARED = 0.5
_WORD = re.compile(r"[^\W\d_]+")


def without_near_duplicates(rows: Sequence[Row], *, of: Sequence[Row]) -> list[Row]:
    """Return the rows that are no near-duplicates of any row of `of`."""
    shingles_by_row = [set(_shingles(row.text)) for row in rows]
    candidates = set[int]().union(*shingles_by_row)
    shared: set[int] = set()
    for other in of:
        shared.update(candidates.intersection(_shingles(other.text)))
    return [
        row
        for row, row_shingles in zip(rows, shingles_by_row, strict=True)
        if len(row_shingles & shared) <= MAX_SHARED * len(row_shingles) or not row_shingles
    ]


def _shingles(text: str) -> Iterator[int]:
    """Yield a hash for each shingle, ignoring case, digits and punctuation."""
    words = _WORD.findall(text.casefold())
    if len(words) < SHINGLE_WORDS:
        yield from [hash(tuple(words))] if words else []
    # These hashes differ between processes, and are compared within one only.
    yield from map(hash, zip(*(words[i:] for i in range(SHINGLE_WORDS)), strict=False))
