"""A scikit-learn transformer from records to a sparse matrix of hashed features."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import InputTags, Tags

from ml import hashing
from ml.hashing import BIGRAM_VALUE
from ml.progress import with_progress
from ml.tokens import Record
from ml.vocabulary import EncodedBatch, Vocabulary

BATCH = 4096


class CommentFeatures(TransformerMixin, BaseEstimator):
    """Turns records into rows of a sparse matrix of width `2**bits`.

    A row is the sum of the features of its tokens and bigrams, divided by the square root of the
    number of its tokens. Stateless: `fit` learns nothing.

    Parameters
    ----------
    bits : the logarithm of the number of columns.
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
        """Return a float32 matrix of shape (records, 2**bits)."""
        blocks: list[hashing.TokenFeatures] = []
        vocabulary = Vocabulary(
            bits=self.bits,
            on_new_tokens=lambda tokens: blocks.append(
                hashing.token_features(tokens, bits=self.bits)
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
            return sp.csr_matrix((0, 2**self.bits), dtype=np.float32)
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
        ones = np.ones(len(batch.token), np.float32)
        words = sp.csr_matrix((ones, (batch.row, batch.token)), shape=(size, token_matrix.shape[0]))
        values = np.full(len(batch.bigram), BIGRAM_VALUE, np.float32)
        bigrams = sp.csr_matrix(
            (values, (batch.bigram_row, batch.bigram)), shape=(size, 2**self.bits)
        )
        scale = 1 / np.sqrt(np.maximum(batch.token_counts(size), 1))
        return sp.csr_matrix(sp.diags(scale.astype(np.float32)) @ (words @ token_matrix + bigrams))
