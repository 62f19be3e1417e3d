"""A scikit-learn transformer from records to a sparse matrix of hashed features."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import InputTags, Tags

from ml import hashing
from ml.hashing import PAIR_VALUE
from ml.progress import with_progress
from ml.tokens import Record
from ml.vocabulary import EncodedBatch, Vocabulary

BATCH = 4096


class CommentFeatures(TransformerMixin, BaseEstimator):
    """Turns records into rows of a sparse matrix of width `2 * 2**bits`.

    The first half of a row is of the words: the sum of the features of tokens and pairs, divided by
    the square root of the number of tokens. The second half, of the same columns, is what only SPAM
    reads: links, divided by the square root of the number of all tokens, and the author's name and
    website, divided by that of theirs. Stateless: `fit` learns nothing.

    Parameters
    ----------
    bits : the logarithm of the number of columns of either half.
    """

    def __init__(self, bits: int = 20) -> None:
        self.bits = bits

    def fit(self, records: Sequence[Record], labels: Any = None) -> "CommentFeatures":
        """Return self."""
        return self

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags = InputTags(one_d_array=True, two_d_array=False, string=True)
        tags.requires_fit, tags.no_validation = False, True
        return tags

    def transform(self, records: Sequence[Record]) -> sp.csr_matrix:
        """Return a float32 matrix of shape (records, 2 * 2**bits)."""
        blocks: list[hashing.TokenFeatures] = []
        vocabulary = Vocabulary(
            bits=self.bits,
            on_new_tokens=lambda tokens, hashes: blocks.append(
                hashing.token_features(tokens, hashes, bits=self.bits)
            ),
            bounded=False,
        )
        starts = range(0, len(records), BATCH)
        batches = [
            (vocabulary.encode(records[i : i + BATCH]), len(records[i : i + BATCH]))
            for i in with_progress(starts, "Reading")
        ]
        token_matrix = self._token_matrix(blocks)
        if not batches:
            return sp.csr_matrix((0, 2 * 2**self.bits), dtype=np.float32)
        return sp.vstack([self._record_matrix(*r, token_matrix) for r in batches], format="csr")

    def _token_matrix(self, blocks: Sequence[hashing.TokenFeatures]) -> sp.csr_matrix:
        """Return the features of the tokens, of shape (tokens, 2**bits)."""
        tokens, first = [np.empty(0, np.int64)], 0
        for block in blocks:
            tokens.append(block.token + first)
            first += int(block.token.max()) + 1
        column = np.concatenate([np.empty(0, np.uint32), *(block.column for block in blocks)])
        value = np.concatenate([np.empty(0, np.float32), *(block.value for block in blocks)])
        coordinates = (np.concatenate(tokens), column.astype(np.int64))
        return sp.csr_matrix((value, coordinates), shape=(first, 2**self.bits), dtype=np.float32)

    def _record_matrix(
        self, batch: EncodedBatch, size: int, token_matrix: sp.csr_matrix
    ) -> sp.csr_matrix:
        words, context, author = (
            sp.csr_matrix(
                (np.ones(len(token), np.float32), (row, token)),
                shape=(size, token_matrix.shape[0]),
            )
            for row, token in (
                (batch.row, batch.token),
                (batch.context_row, batch.context),
                (batch.author_row, batch.author),
            )
        )
        values = np.full(len(batch.pair), PAIR_VALUE, np.float32)
        pairs = sp.csr_matrix((values, (batch.pair_row, batch.pair)), shape=(size, 2**self.bits))
        n_words, n_context, n_author = (m.sum(axis=1).A1 for m in (words, context, author))
        text = _scaled(words @ token_matrix + pairs, n_words)
        beside = _scaled(context @ token_matrix, n_words + n_context)
        beside = beside + _scaled(author @ token_matrix, n_author)
        return sp.csr_matrix(sp.hstack([text, beside], format="csr"))


def halves(rows: Any) -> tuple[Any, Any]:
    """Return the two halves of a feature matrix: the words, and what only SPAM reads."""
    width = rows.shape[1] // 2
    return rows[:, :width], rows[:, width:]


def _scaled(rows: Any, counts: Any) -> Any:
    scale = 1 / np.sqrt(np.maximum(counts, 1))
    return sp.diags(scale.astype(np.float32)) @ rows
