"""Marks of whom a word is about: “you”, “I”, a group of people; and of negation and quotation.

“You are stupid”, “I feel stupid”, “there are no stupid questions” and “they say we are stupid” have
the same word. Each word is paired with the marks near it, so that a weight can tell them apart.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.tokens import CONTEXT_PREFIX, QUOTE

Positions = NDArray[np.int64]

# How many words a mark of whom is meant reaches, forwards and backwards, and one of how it is said:
# from “don't” to “idiot” in “I don't think that you are an idiot” it is six.
FORWARDS, BACKWARDS, MANNERS_FORWARDS = 4, 3, 6


class Mark(IntEnum):
    """The kinds of marks; the first are of whom is meant, the last two of how it is said."""

    NONE = 0
    YOU = 1
    SELF = 2
    GROUP = 3
    OTHERS = 4
    THING = 5
    NEGATED = 6
    QUOTED = 7


TARGETS = (Mark.YOU, Mark.SELF, Mark.GROUP, Mark.OTHERS, Mark.THING)
MANNERS = (Mark.NEGATED, Mark.QUOTED)
_FILE = Path(__file__).with_name("targets.json")
WORDS: Mapping[str, Mark] = {
    word: Mark[name.upper()]
    for name, languages in json.loads(_FILE.read_text(encoding="utf-8")).items()
    for word in chain.from_iterable(line.split() for line in languages.values())
} | {QUOTE: Mark.QUOTED}
_NUMBERS = {word: int(mark) for word, mark in WORDS.items()}
# Of a word with a mark of either family both together: “you are not stupid” is neither
# “you are stupid” nor “it is not stupid”.
BOTH = len(Mark)


class MarkedWords(NamedTuple):
    """Pairs of a mark and a word: the positions of both, and the kind of the mark."""

    mark_at: Positions
    word_at: Positions
    mark: NDArray[np.uint8]


def marks_of(tokens: Sequence[str]) -> NDArray[np.uint8]:
    """Return the mark that each token is, 0 for most."""
    return np.fromiter(map(_NUMBERS.get, tokens, repeat(0)), np.uint8, len(tokens))


def contexts_of(tokens: Sequence[str]) -> NDArray[np.bool_]:
    """Return which tokens are read by SPAM alone."""
    return np.array([token.startswith(CONTEXT_PREFIX) for token in tokens], np.bool_)


def pairs(marks: NDArray[np.uint8], row: Positions) -> Iterator[MarkedWords]:
    """Yield the pairs of each word with the nearest mark before it: of either family, and of both.

    Of whom is meant, the nearest mark after a word counts where none is before it. A word that has
    marks of both families is also paired with both at once, at the position of the second. `marks`
    are those of a sequence of tokens, `row` the records that they are of.
    """
    found = []
    for family in (TARGETS, MANNERS):
        is_mark = (marks >= family[0]) & (marks <= family[-1])
        if not is_mark.any():
            continue
        at = np.arange(len(marks))
        mark_at = np.maximum.accumulate(np.where(is_mark, at, -1))
        # A mark itself has none: it is its own.
        reach = FORWARDS if family is TARGETS else MANNERS_FORWARDS
        near = (mark_at >= 0) & (at - mark_at <= reach) & ~is_mark
        near &= row[mark_at] == row
        if family is TARGETS:
            after = np.minimum.accumulate(np.where(is_mark, at, len(at))[::-1])[::-1]
            follows = ~near & ~is_mark & (after - at <= BACKWARDS) & (after < len(at))
            after = np.minimum(after, len(at) - 1)
            follows &= row[after] == row
            mark_at, near = np.where(near, mark_at, after), near | follows
        found.append((mark_at, near))
        word_at = np.flatnonzero(near)
        yield MarkedWords(mark_at[word_at], word_at, marks[mark_at[word_at]])
    if len(found) == 2:
        (target_at, targeted), (manner_at, mannered) = found
        word_at = np.flatnonzero(targeted & mannered & (marks == Mark.NONE))
        both = marks[target_at[word_at]] + BOTH * marks[manner_at[word_at]]
        yield MarkedWords(manner_at[word_at], word_at, both.astype(np.uint8))
