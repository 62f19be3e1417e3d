"""A lexicon: what is known of every unit seen so far, so that each is worked out only once."""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml import hashing
from ml.tokens import Record, tokens, units

# Forgotten and begun anew beyond these, so that a worker's memory stays bounded.
MOST_UNITS = 150_000


class Reading(NamedTuple):
    """The tokens of a batch of records, none twice in a record, and the pairs of neighbours.

    `row` and `token` are of one length, `pair_row` and `pair` of another; sorted by row.
    """

    row: NDArray[np.int64]
    token: NDArray[np.int64]
    pair_row: NDArray[np.int64]
    pair: NDArray[np.int64]

    def sizes(self, rows: int) -> NDArray[np.int64]:
        """Return how many tokens each record has."""
        return np.bincount(self.row, minlength=rows)


class Lexicon:
    """Numbers tokens in the order in which they come, and tells a listener about new ones."""

    def __init__(
        self, *, bits: int, listener: Callable[[Sequence[str]], None], bounded: bool
    ) -> None:
        self._bits, self._listener, self._bounded = bits, listener, bounded
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._units: dict[str, tuple[int, ...]] = {}
        self._tokens: dict[str, int] = {}
        self._hashes = np.empty(0, np.uint64)

    @property
    def full(self) -> bool:
        """Whether it is time to forget."""
        return self._bounded and len(self._units) > MOST_UNITS

    def read(self, records: Sequence[Record]) -> Reading:
        """Return the tokens and pairs of records; a pair never crosses from one to another."""
        found = [units(record) for record in records]
        self.meet(list(dict.fromkeys(chain.from_iterable(found))))
        known = self._units
        numbers = [list(chain.from_iterable(map(known.__getitem__, row))) for row in found]
        sizes = np.fromiter(map(len, numbers), np.int64, len(numbers))
        token = np.fromiter(chain.from_iterable(numbers), np.int64, int(sizes.sum()))
        row = np.repeat(np.arange(len(records)), sizes)
        return self._pack(row, token)

    def numbers(self, unit: str) -> tuple[int, ...]:
        """Return the numbers of the tokens of one unit."""
        self.meet([unit])
        return self._units[unit]

    def pairs(self, token: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the columns of the pairs of neighbours in a sequence of tokens."""
        hashes = self._hashes[token]
        return hashing.pair(hashes[:-1], hashes[1:], bits=self._bits).astype(np.int64)

    def _pack(self, row: NDArray[np.int64], token: NDArray[np.int64]) -> Reading:
        shift = np.int64(32)
        together = _distinct((row << shift) | token)
        pair = self.pairs(token)
        within = row[:-1] == row[1:]
        pairs = _distinct((row[:-1][within] << shift) | pair[within])
        mask = np.int64(2**32 - 1)
        return Reading(together >> shift, together & mask, pairs >> shift, pairs & mask)

    def meet(self, seen: Sequence[str]) -> None:
        """Work out the units that are new among those seen."""
        new = [unit for unit in seen if unit not in self._units]
        if not new:
            return
        fresh: list[str] = []
        for unit in new:
            self._units[unit] = tuple([self._number(token, fresh) for token in tokens(unit)])
        if fresh:
            self._hashes = np.concatenate([self._hashes, hashing.identify(fresh)])
            self._listener(fresh)

    def _number(self, token: str, fresh: list[str]) -> int:
        number = self._tokens.get(token)
        if number is None:
            number = self._tokens[token] = len(self._tokens)
            fresh.append(token)
        return number


def _distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    # Faster than np.unique, which hashes before it sorts.
    numbers = np.sort(numbers)
    kept = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=kept[1:])
    return numbers[kept]
