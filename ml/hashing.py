"""Hashing: words, parts of words and pairs of words become columns of one table of weights."""

import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.tokens import MARK

Columns = NDArray[np.uint32]
SHORTEST, LONGEST = 2, 5
PAIR_VALUE = np.float32(0.7)

_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Entries(NamedTuple):
    """The features of tokens: token `owner` has the value `value` in column `column`."""

    owner: NDArray[np.int64]
    column: Columns
    value: NDArray[np.float32]


def identify(tokens: Sequence[str]) -> NDArray[np.uint64]:
    """Return a number of 32 bits for each token, the same in every process."""
    coded = (zlib.crc32(token.encode("utf-8", "replace")) for token in tokens)
    return np.fromiter(coded, np.uint64, len(tokens))


def entries(tokens: Sequence[str], *, bits: int) -> Entries:
    """Return the features of tokens: each whole, and the parts of 2 to 5 characters of words.

    The parts of a word together weigh as much as the word itself, however long it is.
    """
    whole = _squeeze(identify(tokens), bits=bits)
    owner, column = _parts(tokens, bits=bits)
    many = np.maximum(np.bincount(owner, minlength=len(tokens)), 1)
    value = (1 / np.sqrt(many[owner])).astype(np.float32)
    return Entries(
        np.concatenate([np.arange(len(tokens)), owner]),
        np.concatenate([whole, column]),
        np.concatenate([np.ones(len(tokens), np.float32), value]),
    )


def pair(first: NDArray[np.uint64], second: NDArray[np.uint64], *, bits: int) -> Columns:
    """Return the columns of pairs of tokens, given as their numbers."""
    return _squeeze(first * _PRIME + second * np.uint64(3) + np.uint64(1), bits=bits)


def _parts(tokens: Sequence[str], *, bits: int) -> tuple[NDArray[np.int64], Columns]:
    framed = ["" if token.startswith(MARK) else f"<{token}>" for token in tokens]
    points = np.frombuffer("".join(framed).encode("utf-32-le", "replace"), np.uint32)
    points = points.astype(np.uint64)
    sizes = np.array([len(word) for word in framed], np.int64)
    owner = np.repeat(np.arange(len(tokens)), sizes)
    room = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(points))
    rolling, owners, columns = points.copy(), [], []
    for size in range(2, LONGEST + 1):
        rolling = rolling[:-1] * _PRIME + points[size - 1 :] if len(points) >= size else rolling[:0]
        if size >= SHORTEST:
            fits = room[: len(rolling)] >= size
            owners.append(owner[: len(rolling)][fits])
            columns.append(_squeeze(rolling[fits] + np.uint64(size), bits=bits))
    return np.concatenate(owners), np.concatenate(columns)


def _squeeze(numbers: NDArray[np.uint64], *, bits: int) -> Columns:
    # The upper bits of a product are the well-mixed ones.
    numbers = (numbers ^ (numbers >> np.uint64(29))) * _MIX
    return (numbers >> np.uint64(64 - bits)).astype(np.uint32)
