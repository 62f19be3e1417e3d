"""Feature hashing: words, character n-grams and bigrams become columns of one table of weights.

See Weinberger et al. 2009, Feature Hashing for Large Scale Multitask Learning. The hash functions
are part of the artifact's format: a change makes every stored weight meaningless.
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.tokens import CONTEXT_PREFIX, SPECIAL_PREFIX

Columns = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
MIN_NGRAM, MAX_NGRAM = 2, 5
# A token as a whole has so many columns: one that was never seen shares a column with a heavy word
# now and then, but not all of them (Svenstrup et al. 2017, Hash Embeddings).
WHOLE_COLUMNS = 4
PAIR_VALUE = np.float32(0.7)

_PRIME = np.uint64(0x100000001B3)
_MARK_PRIME = np.uint64(0xD6E8FEB86659FD93)
_MIX = np.uint64(0x9E3779B97F4A7C15)
# Odd and far apart, so that words that share one column share no other.
_COLUMN_PRIMES = np.array(
    [0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xC2B2AE3D27D4EB4F, 0xFF51AFD7ED558CCD], np.uint64
)


class FeaturesOfKind(NamedTuple):
    """The features of one kind of some tokens: `token` is sorted, `value` is of each token."""

    token: NDArray[np.int64]
    column: Columns
    value: NDArray[np.float32]


class TokenFeatures(NamedTuple):
    """The features of tokens as a sparse matrix in coordinate format: (token, column, value)."""

    token: NDArray[np.int64]
    column: Columns
    value: NDArray[np.float32]


def hash_tokens(tokens: Sequence[str]) -> Hashes:
    """Return the CRC-32 of each token, the same in every process."""
    encoded = "\n".join(tokens).encode("utf-8", "replace").split(b"\n")
    if len(encoded) != len(tokens):  # the rare token with a line break in it
        encoded = [token.encode("utf-8", "replace") for token in tokens]
    return np.fromiter(map(zlib.crc32, encoded), np.uint64, len(tokens))


def token_features(tokens: Sequence[str], hashes: Hashes, *, bits: int) -> TokenFeatures:
    """Return the features of tokens, which are given with their `hash_tokens`.

    Columns are from 0 to `2**bits - 1`.
    """
    kinds = list(features_by_kind(tokens, hashes, bits=bits))
    return TokenFeatures(
        np.concatenate([kind.token for kind in kinds]),
        np.concatenate([kind.column for kind in kinds]),
        np.concatenate([kind.value[kind.token] for kind in kinds]),
    )


def features_by_kind(
    tokens: Sequence[str], hashes: Hashes, *, bits: int
) -> Iterator[FeaturesOfKind]:
    """Yield the features of tokens: each as a whole, then the n-grams of each size from 2 to 5.

    The n-grams of a word together have the same norm as the word itself, however long it is.
    Special tokens have no n-grams.
    """
    mixed = hashes[:, None] * _COLUMN_PRIMES
    whole = _to_columns((mixed ^ (mixed >> np.uint64(32))).ravel(), bits=bits)
    owner = np.repeat(np.arange(len(tokens)), WHOLE_COLUMNS)
    yield FeaturesOfKind(owner, whole, np.full(len(tokens), WHOLE_COLUMNS**-0.5, np.float32))
    yield from _character_ngrams(tokens, bits=bits)


def bigram_columns(first: Hashes, second: Hashes, *, bits: int) -> Columns:
    """Return the columns of pairs of tokens, which are given by their `hash_tokens`."""
    return _to_columns(first * _PRIME + second * np.uint64(3) + np.uint64(1), bits=bits)


def mark_columns(marks: NDArray[np.uint8], word: Hashes, *, bits: int) -> Columns:
    """Return the columns of words paired with the kinds of marks near them (`ml.targets`)."""
    return _to_columns(word * _MARK_PRIME + marks.astype(np.uint64) * _PRIME, bits=bits)


def _character_ngrams(tokens: Sequence[str], *, bits: int) -> Iterator[FeaturesOfKind]:
    """Yield the n-grams of all words, size by size, with their columns by a rolling hash."""
    prefixes = (SPECIAL_PREFIX, CONTEXT_PREFIX)
    padded = ["" if token.startswith(prefixes) else f"<{token}>" for token in tokens]
    code_points = np.frombuffer("".join(padded).encode("utf-32-le", "replace"), np.uint32)
    code_points = code_points.astype(np.uint64)
    sizes = np.fromiter(map(len, padded), np.int64, len(padded))
    ngrams = np.arange(MIN_NGRAM, MAX_NGRAM + 1)[:, None]
    counts = np.maximum(sizes - ngrams + 1, 0).sum(axis=0)
    value = (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
    owner = np.repeat(np.arange(len(tokens)), sizes)
    # The number of characters from each one to the end of its word.
    left = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(code_points))
    rolling = code_points
    for size in range(2, MAX_NGRAM + 1):
        enough = len(code_points) >= size
        rolling = rolling[:-1] * _PRIME + code_points[size - 1 :] if enough else rolling[:0]
        fits = left[: len(rolling)] >= size
        columns = _to_columns(rolling[fits] + np.uint64(size), bits=bits)
        yield FeaturesOfKind(owner[: len(rolling)][fits], columns, value)


def _to_columns(hashes: Hashes, *, bits: int) -> Columns:
    # The upper bits of a product are the well-mixed ones.
    hashes = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    return (hashes >> np.uint64(64 - bits)).astype(np.uint32)
