"""A vocabulary that grows while it encodes: each pre-token is tokenized and hashed only once."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml import hashing
from ml.tokens import Record, pre_tokens, tokenize

# A bounded vocabulary is reset beyond this size, so that a worker's memory stays bounded.
MAX_PRE_TOKENS = 150_000


class EncodedBatch(NamedTuple):
    """The token ids of a batch of records, none twice in a record, and the bigrams of neighbours.

    `row` and `token` have one length, `bigram_row` and `bigram` another; both are sorted by row.
    Tokens are ids in the vocabulary, bigrams are columns of the table of weights.
    """

    row: NDArray[np.int64]
    token: NDArray[np.int64]
    bigram_row: NDArray[np.int64]
    bigram: NDArray[np.int64]

    def token_counts(self, rows: int) -> NDArray[np.int64]:
        """Return the number of tokens of each record, of shape (rows,)."""
        return np.bincount(self.row, minlength=rows)


class Vocabulary(dict[str, int]):
    """Gives pre-tokens and tokens ids in the order of their first occurrence.

    As a mapping it returns the id of a pre-token, and adds one that it does not have.
    `on_new_tokens` is called with new tokens in the order of their ids.
    """

    def __init__(
        self, *, bits: int, on_new_tokens: Callable[[Sequence[str]], None], bounded: bool
    ) -> None:
        super().__init__()
        self._bits, self._on_new_tokens, self._bounded = bits, on_new_tokens, bounded
        self.reset()

    def reset(self) -> None:
        """Remove everything."""
        self.clear()
        self._tokens: dict[str, int] = {}
        self._hashes = np.empty(0, np.uint64)
        # The token ids of all pre-tokens, concatenated; those of pre-token i are from
        # `_offsets[i]` to `_offsets[i + 1]`.
        self._token_ids, self._offsets = np.empty(0, np.int64), np.zeros(1, np.int64)
        self._pending: list[list[int]] = []

    @property
    def is_full(self) -> bool:
        """Whether it is time to reset."""
        return self._bounded and len(self) > MAX_PRE_TOKENS

    def encode(self, records: Sequence[Record]) -> EncodedBatch:
        """Return the tokens and bigrams of records; no bigram crosses from one to another."""
        sequences = [pre_tokens(record) for record in records]
        sizes = np.fromiter(map(len, sequences), np.int64, len(sequences))
        flat = chain.from_iterable(sequences)
        ids = np.fromiter(map(self.__getitem__, flat), np.int64, int(sizes.sum()))
        self._flush()
        token, counts = self._tokens_of(ids)
        row = np.repeat(np.repeat(np.arange(len(records)), sizes), counts)
        return self._to_batch(row, token)

    def add(self, words: Iterable[str]) -> None:
        """Add the pre-tokens that are new."""
        for word in words:
            self[word]
        self._flush()

    def token_ids(self, sequence: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the token ids of a sequence of pre-tokens, and how many each of these has."""
        ids = np.array([self[pre_token] for pre_token in sequence], np.int64)
        self._flush()
        return self._tokens_of(ids)

    def bigrams(self, token: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the columns of the bigrams in a sequence of token ids."""
        hashes = self._hashes[token]
        return hashing.bigram_columns(hashes[:-1], hashes[1:], bits=self._bits).astype(np.int64)

    def __missing__(self, pre_token: str) -> int:
        number = self[pre_token] = len(self)
        ids = self._tokens
        self._pending.append([ids.setdefault(token, len(ids)) for token in tokenize(pre_token)])
        return number

    def _flush(self) -> None:
        """Append the token ids of the pre-tokens added since the last time; report new tokens."""
        if not self._pending:
            return
        counts = np.fromiter(map(len, self._pending), np.int64, len(self._pending))
        ids = np.fromiter(chain.from_iterable(self._pending), np.int64, int(counts.sum()))
        self._token_ids = np.concatenate([self._token_ids, ids])
        self._offsets = np.concatenate([self._offsets, self._offsets[-1] + np.cumsum(counts)])
        self._pending = []
        number = len(self._tokens) - len(self._hashes)
        new_tokens = list(islice(reversed(self._tokens), number))[::-1]
        if new_tokens:
            self._hashes = np.concatenate([self._hashes, hashing.hash_tokens(new_tokens)])
            self._on_new_tokens(new_tokens)

    def _tokens_of(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        start, counts = self._offsets[ids], self._offsets[ids + 1] - self._offsets[ids]
        # Where a pre-token's ids start in `_token_ids`, less where they start in the result.
        shift = start - np.cumsum(counts) + counts
        return self._token_ids[np.arange(int(counts.sum())) + np.repeat(shift, counts)], counts

    def _to_batch(self, row: NDArray[np.int64], token: NDArray[np.int64]) -> EncodedBatch:
        shift, mask = np.int64(32), np.int64(2**32 - 1)
        tokens = _sorted_unique((row << shift) | token)
        bigram = self.bigrams(token)
        same_row = row[:-1] == row[1:]
        bigrams = _sorted_unique((row[:-1][same_row] << shift) | bigram[same_row])
        return EncodedBatch(tokens >> shift, tokens & mask, bigrams >> shift, bigrams & mask)


def _sorted_unique(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    # Faster than np.unique, which hashes before it sorts.
    numbers = np.sort(numbers)
    is_first = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=is_first[1:])
    return numbers[is_first]
