"""Feature hashing: words, character n-grams and bigrams become columns of one table of weights.

See Weinberger et al. 2009, Feature Hashing for Large Scale Multitask Learning. The hash functions
are part of the artifact's format: a change makes every stored weight meaningless.
"""

import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.tokens import CONTEXT_PREFIX, SPECIAL_PREFIX

Columns = NDArray[np.uint32]
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


class TokenFeatures(NamedTuple):
    """The features of tokens as a sparse matrix in coordinate format: (token, column, value)."""

    token: NDArray[np.int64]
    column: Columns
    value: NDArray[np.float32]


def hash_tokens(tokens: Sequence[str]) -> NDArray[np.uint64]:
    """Return the CRC-32 of each token, the same in every process."""
    hashes = (zlib.crc32(token.encode("utf-8", "replace")) for token in tokens)
    return np.fromiter(hashes, np.uint64, len(tokens))


def token_features(tokens: Sequence[str], *, bits: int) -> TokenFeatures:
    """Return the features of tokens: each as a whole, and the n-grams of 2 to 5 characters.

    The n-grams of a word together have the same norm as the word itself, however long it is.
    Special tokens have no n-grams. Columns are from 0 to `2**bits - 1`.
    """
    hashes = hash_tokens(tokens)[:, None] * _COLUMN_PRIMES
    whole = _to_columns((hashes ^ (hashes >> np.uint64(32))).ravel(), bits=bits)
    owner, column = _character_ngrams(tokens, bits=bits)
    counts = np.maximum(np.bincount(owner, minlength=len(tokens)), 1)
    value = (1 / np.sqrt(counts[owner])).astype(np.float32)
    return TokenFeatures(
        np.concatenate([np.repeat(np.arange(len(tokens)), WHOLE_COLUMNS), owner]),
        np.concatenate([whole, column]),
        np.concatenate([np.full(len(whole), WHOLE_COLUMNS**-0.5, np.float32), value]),
    )


def bigram_columns(first: NDArray[np.uint64], second: NDArray[np.uint64], *, bits: int) -> Columns:
    """Return the columns of pairs of tokens, which are given by their `hash_tokens`."""
    return _to_columns(first * _PRIME + second * np.uint64(3) + np.uint64(1), bits=bits)


def mark_columns(marks: NDArray[np.uint8], word: NDArray[np.uint64], *, bits: int) -> Columns:
    """Return the columns of words paired with the kinds of marks near them (`ml.targets`)."""
    return _to_columns(word * _MARK_PRIME + marks.astype(np.uint64) * _PRIME, bits=bits)


def _character_ngrams(tokens: Sequence[str], *, bits: int) -> tuple[NDArray[np.int64], Columns]:
    """Return for each n-gram the index of its token and its column, by a rolling hash."""
    prefixes = (SPECIAL_PREFIX, CONTEXT_PREFIX)
    padded = ["" if token.startswith(prefixes) else f"<{token}>" for token in tokens]
    code_points = np.frombuffer("".join(padded).encode("utf-32-le", "replace"), np.uint32)
    code_points = code_points.astype(np.uint64)
    sizes = np.array([len(word) for word in padded], np.int64)
    owner = np.repeat(np.arange(len(tokens)), sizes)
    # The number of characters from each one to the end of its word.
    left = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(code_points))
    rolling, owners, columns = code_points.copy(), [], []
    for size in range(2, MAX_NGRAM + 1):
        enough = len(code_points) >= size
        rolling = rolling[:-1] * _PRIME + code_points[size - 1 :] if enough else rolling[:0]
        if size >= MIN_NGRAM:
            fits = left[: len(rolling)] >= size
            owners.append(owner[: len(rolling)][fits])
            columns.append(_to_columns(rolling[fits] + np.uint64(size), bits=bits))
    return np.concatenate(owners), np.concatenate(columns)


def _to_columns(hashes: NDArray[np.uint64], *, bits: int) -> Columns:
    # The upper bits of a product are the well-mixed ones.
    hashes = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    return (hashes >> np.uint64(64 - bits)).astype(np.uint32)
