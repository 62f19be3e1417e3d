"""A vocabulary that grows while it encodes: each pre-token is tokenized and hashed only once."""

from collections.abc import Callable, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml import hashing, targets
from ml.many_tokens import tokenize_all
from ml.tokens import Record, author_specials, pre_tokens

Ids = NDArray[np.int64]

# A bounded vocabulary is reset beyond this size, so that a worker's memory stays bounded.
MAX_PRE_TOKENS = 250_000
MAX_ADDED = 10_000


class EncodedBatch(NamedTuple):
    """The token ids of a batch of records, none twice in a record, and the pairs of tokens.

    Each array of rows is sorted and as long as the one after it. Tokens are ids in the vocabulary,
    pairs are columns of the table of weights. `context` are tokens of links, which are read by SPAM
    alone, as those of the author are.
    """

    row: Ids
    token: Ids
    pair_row: Ids
    pair: Ids
    context_row: Ids
    context: Ids
    author_row: Ids
    author: Ids


class Pairs(NamedTuple):
    """Pairs of neighbours, and of words with marks: positions of both, and the column."""

    first: Ids
    second: Ids
    column: Ids


class Vocabulary(dict[str, int]):
    """Gives pre-tokens and tokens ids in the order of their first occurrence.

    As a mapping it returns the id of a pre-token, and adds one that it does not have.
    `on_new_tokens` is called with new tokens in the order of their ids, and with their hashes.
    """

    def __init__(
        self,
        *,
        bits: int,
        on_new_tokens: Callable[[Sequence[str], hashing.Hashes], None],
        bounded: bool,
    ) -> None:
        super().__init__()
        self._bits, self._on_new_tokens, self._bounded = bits, on_new_tokens, bounded
        self.reset()

    def reset(self) -> None:
        """Remove everything."""
        self.clear()
        self._tokens: dict[str, int] = {}
        self._hashes = Growing(np.uint64)
        self._marks, self._contexts = Growing(np.uint8), Growing(np.bool_)
        # The token ids of all pre-tokens, concatenated; those of pre-token i are from
        # `_offsets[i]` to `_offsets[i + 1]`.
        self._token_ids, self._offsets = Growing(np.int64), Growing(np.int64)
        self._offsets.extend(np.zeros(1, np.int64))
        # Pre-tokens that have an id, and whose tokens are not known yet.
        self._pending: list[str] = []

    @property
    def is_full(self) -> bool:
        """Whether it is time to reset."""
        return self._bounded and len(self) > MAX_PRE_TOKENS

    def encode(self, records: Sequence[Record]) -> EncodedBatch:
        """Return the tokens and pairs of records; no pair crosses from one to another."""
        row, token = self._flat_tokens([pre_tokens(record) for record in records])
        authors = [author_specials(record) for record in records]
        author_row, author = row[:0], token[:0]
        if any(authors):
            author_row, author = _unique(*self._flat_tokens(authors))
        of_link = self._contexts.values[token]
        context_row, context = _unique(row[of_link], token[of_link])
        row, token = row[~of_link], token[~of_link]
        pairs = self.pairs(token, row)
        return EncodedBatch(
            *_unique(row, token), *_unique(row[pairs.second], pairs.column),
            context_row, context, author_row, author,
        )  # fmt: skip

    def add(self, words: Sequence[str]) -> None:
        """Add the pre-tokens that are new, in parts so that memory stays bounded."""
        for start in range(0, len(words), MAX_ADDED):
            for word in words[start : start + MAX_ADDED]:
                self[word]
            self._flush()

    def token_ids(self, sequence: Sequence[str]) -> tuple[Ids, Ids]:
        """Return the token ids of a sequence of pre-tokens, and how many each of these has."""
        ids = np.array([self[pre_token] for pre_token in sequence], np.int64)
        self._flush()
        return self._tokens_of(ids)

    def contexts(self, token: Ids) -> NDArray[np.bool_]:
        """Return which tokens are of links or of the author."""
        return np.asarray(self._contexts.values[token])

    def pairs(self, token: Ids, row: Ids) -> Pairs:
        """Return the pairs in a sequence of token ids: neighbours, and words with marks."""
        hashes, marks = self._hashes.values[token], self._marks.values[token]
        first = np.flatnonzero(row[:-1] == row[1:])
        columns = hashing.bigram_columns(hashes[first], hashes[first + 1], bits=self._bits)
        found = [Pairs(first, first + 1, columns.astype(np.int64))]
        for marked in targets.pairs(marks, row):
            columns = hashing.mark_columns(marked.mark, hashes[marked.word_at], bits=self._bits)
            found.append(Pairs(marked.mark_at, marked.word_at, columns.astype(np.int64)))
        return Pairs(*map(np.concatenate, zip(*found, strict=True)))

    def __missing__(self, pre_token: str) -> int:
        number = self[pre_token] = len(self)
        self._pending.append(pre_token)
        return number

    def _flat_tokens(self, sequences: Sequence[Sequence[str]]) -> tuple[Ids, Ids]:
        """Return the rows and the token ids of sequences of pre-tokens, in their order."""
        sizes = np.fromiter(map(len, sequences), np.int64, len(sequences))
        flat = chain.from_iterable(sequences)
        ids = np.fromiter(map(self.__getitem__, flat), np.int64, int(sizes.sum()))
        self._flush()
        token, counts = self._tokens_of(ids)
        return np.repeat(np.repeat(np.arange(len(sequences)), sizes), counts), token

    def _flush(self) -> None:
        """Append the token ids of the pre-tokens added since the last time; report new tokens."""
        if not self._pending:
            return
        found = tokenize_all(self._pending)
        self._pending = []
        counts = np.fromiter(map(len, found), np.int64, len(found))
        known = self._tokens
        ids = [known.setdefault(token, len(known)) for token in chain.from_iterable(found)]
        self._offsets.extend(self._offsets.values[-1] + np.cumsum(counts))
        self._token_ids.extend(np.array(ids, np.int64))
        number = len(known) - len(self._hashes.values)
        new_tokens = list(islice(reversed(known), number))[::-1]
        if new_tokens:
            hashes = hashing.hash_tokens(new_tokens)
            self._hashes.extend(hashes)
            self._marks.extend(targets.marks_of(new_tokens))
            self._contexts.extend(targets.contexts_of(new_tokens))
            self._on_new_tokens(new_tokens, hashes)

    def _tokens_of(self, ids: Ids) -> tuple[Ids, Ids]:
        offsets = self._offsets.values
        start, counts = offsets[ids], offsets[ids + 1] - offsets[ids]
        # Where a pre-token's ids start in `_token_ids`, less where they start in the result.
        shift = start - np.cumsum(counts) + counts
        return self._token_ids.values[
            np.arange(int(counts.sum())) + np.repeat(shift, counts)
        ], counts


class Growing:
    """An array that grows at its end, without being copied each time."""

    def __init__(self, dtype: Any) -> None:
        self._buffer, self._size = np.zeros(1024, dtype), 0

    @property
    def values(self) -> NDArray[Any]:
        """The elements so far."""
        return self._buffer[: self._size]

    def extend(self, values: NDArray[Any]) -> None:
        """Append values."""
        end = self._size + len(values)
        if end > len(self._buffer):
            enlarged = np.zeros(max(end, 2 * len(self._buffer)), self._buffer.dtype)
            enlarged[: self._size] = self.values
            self._buffer = enlarged
        self._buffer[self._size : end] = values
        self._size = end


def _unique(row: Ids, number: Ids) -> tuple[Ids, Ids]:
    """Return the distinct pairs of a row and a number, sorted by row."""
    shift, mask = np.int64(32), np.int64(2**32 - 1)
    # Faster than np.unique, which hashes before it sorts.
    both = np.sort((row << shift) | number)
    is_first = np.ones(len(both), np.bool_)
    np.not_equal(both[1:], both[:-1], out=is_first[1:])
    both = both[is_first]
    return both >> shift, both & mask
