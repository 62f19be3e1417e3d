"""Attribute a score to the parts of a comment: exact, since the classifier is linear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.text import MAX_CHARACTERS, chunk_spans, chunks
from ml.tokens import SPECIAL_PREFIX, Record, author_specials, shape_specials
from ml.vocabulary import Vocabulary

Span = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a record has its score in a category, in log odds before calibration.

    Attributes
    ----------
    spans : (start, end, weight) in code points of the text, in its order; above 0 raises the score.
    features : the weight of what is not in the words of the text, by its display name.
    bias : the log odds of an empty record.
    """

    spans: tuple[Span, ...]
    features: Mapping[str, float]
    bias: float


class TokenizedRecord(NamedTuple):
    """The tokens and bigrams of a record, none twice, with the source that each stems from.

    A source is a span of the text or the display name of a feature; `token_source` and
    `bigram_source` are indexes into `sources`. A bigram has two of them: `bigram_source` has the
    first ones, then the second ones.
    """

    text: str
    sources: Sequence[tuple[int, int] | str]
    token_source: NDArray[np.int64]
    token: NDArray[np.int64]
    bigram_source: NDArray[np.int64]
    bigram: NDArray[np.int64]


def tokenize_record(record: Record, vocabulary: Vocabulary) -> TokenizedRecord:
    """Return the distinct tokens and bigrams of a record, each with its sources."""
    text = record if isinstance(record, str) else str(record.get("text") or "")
    text = text[:MAX_CHARACTERS]
    author = [] if isinstance(record, str) else author_specials(record)
    specials = [*shape_specials(text), *author]
    pre_tokens = [*chunks(text), *specials]
    sequence, counts = vocabulary.token_ids(pre_tokens)
    source = np.repeat(np.arange(len(pre_tokens)), counts)
    token, first = np.unique(sequence, return_index=True)
    bigram, at = np.unique(vocabulary.bigrams(sequence), return_index=True)
    both = np.concatenate([source[at], source[at + 1]]) if len(bigram) else source[:0]
    sources: list[tuple[int, int] | str] = [*chunk_spans(text), *map(_display_name, specials)]
    return TokenizedRecord(text, sources, source[first], token, both, bigram)


def explain(
    record: TokenizedRecord,
    words: NDArray[np.float64],
    bigrams: NDArray[np.float64],
    *,
    bias: float,
) -> Explanation:
    """Return the explanation for the weights of a record's tokens and bigrams.

    Half of a bigram's weight goes to each of its two sources.
    """
    scale = 1 / np.sqrt(max(len(record.token), 1))
    number = len(record.sources)
    weights = np.bincount(record.token_source, words, minlength=number)
    weights += np.bincount(record.bigram_source, np.tile(bigrams / 2, 2), minlength=number)
    spans: list[Span] = []
    features: dict[str, float] = {}
    for source, weight in zip(record.sources, (weights * scale).tolist(), strict=True):
        if isinstance(source, str):
            features[source] = features.get(source, 0.0) + weight
        elif weight:
            spans.append((*_trimmed(record.text, *source), weight))
    return Explanation(tuple(spans), features, bias)


def _display_name(special: str) -> str:
    kind = special.removeprefix(SPECIAL_PREFIX).partition(" ")[0]
    names = {"name": "author's name", "site": "author's website", "mail": "author's email"}
    return names.get(kind, kind)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the punctuation around its word, if it has a word."""
    letters = [i for i in range(start, end) if text[i].isalnum()]
    return (letters[0], letters[-1] + 1) if letters else (start, end)
