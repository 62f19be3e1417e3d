"""A scikit-learn transformer: records in, rows of a sparse matrix of hashed features out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import InputTags, Tags

from ml import hashing
from ml.hashing import PAIR_VALUE
from ml.lexicon import Lexicon, Reading
from ml.progress import watched
from ml.tokens import Record

BATCH = 4096


class CommentFeatures(TransformerMixin, BaseEstimator):
    """Turns records into rows of a sparse matrix of width `2**bits`.

    A row is the sum of its tokens' features and its pairs', divided by the square root of the
    number of its tokens. Stateless: `fit` learns nothing.

    Parameters
    ----------
    bits : the width of the hash, in bits.
    """

    def __init__(self, bits: int = 20) -> None:
        self.bits = bits

    def fit(self, records: Sequence[Record], labels: Any = None) -> "CommentFeatures":
        """Return itself."""
        return self

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags = InputTags(one_d_array=True, two_d_array=False, string=True)
        tags.requires_fit, tags.no_validation = False, True
        return tags

    def transform(self, records: Sequence[Record]) -> sp.csr_matrix:
        """Return one row for each record, in their order; float32."""
        blocks: list[hashing.Entries] = []
        lexicon = Lexicon(
            bits=self.bits,
            listener=lambda tokens: blocks.append(hashing.entries(tokens, bits=self.bits)),
            bounded=False,
        )
        starts = range(0, len(records), BATCH)
        readings = [
            (lexicon.read(records[i : i + BATCH]), len(records[i : i + BATCH]))
            for i in watched(starts, "Reading")
        ]
        table = self._table(blocks)
        if not readings:
            return sp.csr_matrix((0, 2**self.bits), dtype=np.float32)
        return sp.vstack([self._rows(*r, table) for r in readings], format="csr")

    def _table(self, blocks: Sequence[hashing.Entries]) -> sp.csr_matrix:
        """Return the features of each token, a row for each."""
        owners, first = [np.empty(0, np.int64)], 0
        for block in blocks:
            owners.append(block.owner + first)
            first += int(block.owner.max()) + 1
        column = np.concatenate([np.empty(0, np.uint32), *(block.column for block in blocks)])
        value = np.concatenate([np.empty(0, np.float32), *(block.value for block in blocks)])
        place = (np.concatenate(owners), column.astype(np.int64))
        return sp.csr_matrix((value, place), shape=(first, 2**self.bits), dtype=np.float32)

    def _rows(self, reading: Reading, size: int, table: sp.csr_matrix) -> sp.csr_matrix:
        ones = np.ones(len(reading.token), np.float32)
        words = sp.csr_matrix((ones, (reading.row, reading.token)), shape=(size, table.shape[0]))
        values = np.full(len(reading.pair), PAIR_VALUE, np.float32)
        pairs = sp.csr_matrix(
            (values, (reading.pair_row, reading.pair)), shape=(size, 2**self.bits)
        )
        scale = 1 / np.sqrt(np.maximum(reading.sizes(size), 1))
        return sp.csr_matrix(sp.diags(scale.astype(np.float32)) @ (words @ table + pairs))
