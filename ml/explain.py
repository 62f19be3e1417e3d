"""Attribute a score to the parts of a comment: exact, since the classifier is linear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.text import chunk_spans, chunks
from ml.tokens import (
    CONTEXT_PREFIX,
    SPECIAL_PREFIX,
    Record,
    author_specials,
    shape_specials,
    text_of,
)
from ml.vocabulary import Vocabulary

NAME = "author's name"
Span = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a record has its score in a category, in log odds before calibration.

    Attributes
    ----------
    spans : (start, end, weight) in code points of the text, in its order; above 0 raises the score.
    features : the weight of what is not in the words of the text, by its display name.
    bias : the log odds of an empty record.
    method : "exact", where all of it adds up to the score, or "occlusion", where each weight is
        what the score loses without that part.
    """

    spans: tuple[Span, ...]
    features: Mapping[str, float]
    bias: float
    method: Literal["exact", "occlusion"] = "exact"


class TokenizedRecord(NamedTuple):
    """The tokens and pairs of a record, none twice, with the source that each stems from.

    A source is a span of the text or the display name of a feature; `token_source` and
    `pair_source` are indexes into `sources`. A pair has two of them: `pair_source` has the first
    ones, then the second ones. A token may occur twice: in the text and in the author's name.
    `scale` is what each token is multiplied by, `is_text` whether it is a word of the text.
    """

    text: str
    sources: Sequence[tuple[int, int] | str]
    token_source: NDArray[np.int64]
    token: NDArray[np.int64]
    scale: NDArray[np.float64]
    is_text: NDArray[np.bool_]
    pair_source: NDArray[np.int64]
    pair: NDArray[np.int64]


def tokenize_record(record: Record, vocabulary: Vocabulary) -> TokenizedRecord:
    """Return the distinct tokens and pairs of a record, each with its sources."""
    text = text_of(record)
    pieces = chunks(text)
    specials = [*shape_specials(text, pieces), *author_specials(record)]
    sources: list[tuple[int, int] | str] = [*chunk_spans(text), *map(_display_name, specials)]
    pre_tokens = [*pieces, *specials]
    sequence, counts = vocabulary.token_ids(pre_tokens)
    source = np.repeat(np.arange(len(pre_tokens)), counts)
    is_author = source >= len(pre_tokens) - len(author_specials(record))
    is_text = ~is_author & ~vocabulary.contexts(sequence)
    parts = [_distinct(sequence, part) for part in (is_text, ~is_text & ~is_author, is_author)]
    n_words, n_context, n_author = map(len, parts)
    sizes = (n_words, n_words + n_context, n_author)
    scale = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), [n_words, n_context, n_author])
    at = np.concatenate(parts)
    words = np.flatnonzero(is_text)
    pairs = vocabulary.pairs(sequence[words], np.zeros(len(words), np.int64))
    pair, first = np.unique(pairs.column, return_index=True)
    both = source[words[np.concatenate([pairs.first[first], pairs.second[first]])]]
    return TokenizedRecord(text, sources, source[at], sequence[at], scale, is_text[at], both, pair)


def _distinct(sequence: NDArray[np.int64], part: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the positions of the first of each token in a part of a sequence."""
    at = np.flatnonzero(part)
    return at[np.unique(sequence[at], return_index=True)[1]]


def explain(
    record: TokenizedRecord,
    words: NDArray[np.float64],
    pairs: NDArray[np.float64],
    *,
    bias: float,
) -> Explanation:
    """Return the explanation for the weights of a record's tokens and pairs.

    Half of a pair's weight goes to each of its two sources.
    """
    number = len(record.sources)
    weights = np.bincount(record.token_source, words * record.scale, minlength=number)
    scale = 1 / np.sqrt(max(int(record.is_text.sum()), 1))
    weights += np.bincount(record.pair_source, np.tile(pairs * scale / 2, 2), minlength=number)
    spans: list[Span] = []
    features: dict[str, float] = {}
    for source, weight in zip(record.sources, weights.tolist(), strict=True):
        if isinstance(source, str):
            features[source] = features.get(source, 0.0) + weight
        elif weight:
            spans.append((*trimmed(record.text, *source), weight))
    return Explanation(tuple(spans), features, bias)


def _display_name(special: str) -> str:
    kind = special.removeprefix(SPECIAL_PREFIX).removeprefix(CONTEXT_PREFIX).partition(" ")[0]
    names = {"name": NAME, "site": "author's website", "mail": "author's email", "beside": "links"}
    return names.get(kind, kind)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the punctuation around its word, if it has a word."""
    letters = [i for i in range(start, end) if text[i].isalnum()]
    return (letters[0], letters[-1] + 1) if letters else (start, end)
