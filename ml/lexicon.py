"""A lexicon: what is known of every unit seen so far, so that each is worked out only once."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
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


class Lexicon(dict[str, int]):
    """Numbers units and their tokens in the order in which they come; tells about new tokens.

    As a mapping it gives the number of a unit, and works out one that it has not met.
    """

    def __init__(
        self, *, bits: int, listener: Callable[[Sequence[str]], None], bounded: bool
    ) -> None:
        super().__init__()
        self._bits, self._listener, self._bounded = bits, listener, bounded
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.clear()
        self._tokens: dict[str, int] = {}
        self._hashes = np.empty(0, np.uint64)
        # The tokens of all units in a row; those of unit u are from `_ends[u]` to `_ends[u + 1]`.
        self._row, self._ends = np.empty(0, np.int64), np.zeros(1, np.int64)
        self._met: list[list[int]] = []

    @property
    def full(self) -> bool:
        """Whether it is time to forget."""
        return self._bounded and len(self) > MOST_UNITS

    def read(self, records: Sequence[Record]) -> Reading:
        """Return the tokens and pairs of records; a pair never crosses from one to another."""
        found = [units(record) for record in records]
        sizes = np.fromiter(map(len, found), np.int64, len(found))
        together = chain.from_iterable(found)
        unit = np.fromiter(map(self.__getitem__, together), np.int64, int(sizes.sum()))
        self._tell()
        token, many = self._tokens_of(unit)
        row = np.repeat(np.repeat(np.arange(len(records)), sizes), many)
        return self._pack(row, token)

    def meet(self, seen: Iterable[str]) -> None:
        """Work out the units that are new among those seen."""
        for unit in seen:
            self[unit]
        self._tell()

    def numbers(self, seen: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the tokens of units in a row, and how many are of each."""
        unit = np.array([self[unit] for unit in seen], np.int64)
        self._tell()
        return self._tokens_of(unit)

    def pairs(self, token: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the columns of the pairs of neighbours in a sequence of tokens."""
        hashes = self._hashes[token]
        return hashing.pair(hashes[:-1], hashes[1:], bits=self._bits).astype(np.int64)

    def __missing__(self, unit: str) -> int:
        number = self[unit] = len(self)
        known = self._tokens
        self._met.append([known.setdefault(token, len(known)) for token in tokens(unit)])
        return number

    def _tell(self) -> None:
        """Write down the tokens of the units met since the last time, and tell which are new."""
        if not self._met:
            return
        many = np.fromiter(map(len, self._met), np.int64, len(self._met))
        met = np.fromiter(chain.from_iterable(self._met), np.int64, int(many.sum()))
        self._row = np.concatenate([self._row, met])
        self._ends = np.concatenate([self._ends, self._ends[-1] + np.cumsum(many)])
        self._met = []
        new = len(self._tokens) - len(self._hashes)
        fresh = list(islice(reversed(self._tokens), new))[::-1]
        if fresh:
            self._hashes = np.concatenate([self._hashes, hashing.identify(fresh)])
            self._listener(fresh)

    def _tokens_of(self, unit: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        start, many = self._ends[unit], self._ends[unit + 1] - self._ends[unit]
        # Where a unit's tokens begin in the row, less where they begin among those returned.
        shift = start - np.cumsum(many) + many
        return self._row[np.arange(int(many.sum())) + np.repeat(shift, many)], many

    def _pack(self, row: NDArray[np.int64], token: NDArray[np.int64]) -> Reading:
        shift = np.int64(32)
        together = _distinct((row << shift) | token)
        pair = self.pairs(token)
        within = row[:-1] == row[1:]
        pairs = _distinct((row[:-1][within] << shift) | pair[within])
        mask = np.int64(2**32 - 1)
        return Reading(together >> shift, together & mask, pairs >> shift, pairs & mask)


def _distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    # Faster than np.unique, which hashes before it sorts.
    numbers = np.sort(numbers)
    kept = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=kept[1:])
    return numbers[kept]
