"""Which parts of a comment weighed how much: exact, since the classifier is linear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.lexicon import Lexicon
from ml.text import LONGEST, chunks, spans
from ml.tokens import MARK, Record, author, shape

Span = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a record has its score in a category, in log odds before calibration.

    Attributes
    ----------
    spans : (start, end, weight) in code points of the text, in its order; above 0 raises.
    features : the weight of what is not in the words of the text, by its name for people.
    bias : what a record without any content would have.
    """

    spans: tuple[Span, ...]
    features: Mapping[str, float]
    bias: float


class Parts(NamedTuple):
    """A record taken apart: which unit brought each token and pair."""

    text: str
    where: Sequence[tuple[int, int] | str]
    unit: NDArray[np.int64]
    token: NDArray[np.int64]
    pair_unit: NDArray[np.int64]
    pair: NDArray[np.int64]
    size: int


def parts(record: Record, lexicon: Lexicon) -> Parts:
    """Return the tokens and pairs of a record, none twice, each with the units it stems from."""
    text = record if isinstance(record, str) else str(record.get("text") or "")
    text = text[:LONGEST]
    marks = [*shape(text), *([] if isinstance(record, str) else author(record))]
    found = [*chunks(text), *marks]
    token, many = lexicon.numbers(found)
    unit = np.repeat(np.arange(len(found)), many)
    kept, first = np.unique(token, return_index=True)
    pair, pair_first = np.unique(lexicon.pairs(token), return_index=True)
    both = np.concatenate([unit[pair_first], unit[pair_first + 1]]) if len(pair) else unit[:0]
    where: list[tuple[int, int] | str] = [*spans(text), *map(_name, marks)]
    return Parts(text, where, unit[first], kept, both, pair, len(kept))


def explain(
    taken: Parts, words: NDArray[np.float64], pairs: NDArray[np.float64], *, bias: float
) -> Explanation:
    """Return the explanation for weights of tokens and pairs; a pair counts half for each side."""
    scale = 1 / np.sqrt(max(taken.size, 1))
    weights = np.bincount(taken.unit, words, minlength=len(taken.where))
    weights += np.bincount(taken.pair_unit, np.tile(pairs / 2, 2), minlength=len(taken.where))
    found: list[Span] = []
    features: dict[str, float] = {}
    for place, weight in zip(taken.where, (weights * scale).tolist(), strict=True):
        if isinstance(place, str):
            features[place] = features.get(place, 0.0) + weight
        elif weight:
            found.append((*_trimmed(taken.text, *place), weight))
    return Explanation(tuple(found), features, bias)


def _name(mark: str) -> str:
    kind = mark.removeprefix(MARK).partition(" ")[0]
    names = {"name": "author's name", "site": "author's website", "mail": "author's email"}
    return names.get(kind, kind)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the punctuation around its word, if it has a word."""
    letters = [i for i in range(start, end) if text[i].isalnum()]
    return (letters[0], letters[-1] + 1) if letters else (start, end)
