"""The classifier as it serves: NumPy alone, with the weights of each token computed once."""

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import explain, hashing
from ml.explain import Explanation
from ml.hashing import BIGRAM_VALUE
from ml.text import MAX_CHARACTERS
from ml.tokens import Record
from ml.vocabulary import Vocabulary

Matrix = NDArray[np.float32]
# The limits of a batch, so that memory stays bounded.
MAX_RECORDS, MAX_BATCH_CHARACTERS = 1024, 500_000


class Classifier:
    """Scores records in every category, and explains the scores. Thread-safe.

    Attributes
    ----------
    version : the first twelve characters of the digest of its arrays.
    categories : the categories that it scores, in the order of its columns.
    thresholds : `{category: {"hold_at": …, "reject_at": …}}`, as its manifest recommends.
    manifest : the metadata recorded in training.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], manifest: Mapping[str, Any]) -> None:
        self.manifest = manifest
        self.version: str = manifest["version"]
        self.categories: tuple[str, ...] = tuple(manifest["categories"])
        self.thresholds: Mapping[str, Mapping[str, float]] = manifest["thresholds"]
        self._weights: Matrix = np.ascontiguousarray(arrays["weights"], np.float32)
        self._biases, self._slopes, self._shifts = (
            arrays[name].astype(np.float64) for name in ("biases", "slopes", "shifts")
        )
        self._bits = int(self._weights.shape[0]).bit_length() - 1
        self._token_weights = np.zeros((4096, len(self.categories)), np.float32)
        self._token_count = 0
        self._vocabulary = Vocabulary(bits=self._bits, on_new_tokens=self._add_tokens, bounded=True)
        self._warm_up_words = arrays["vocabulary"].tobytes().decode().split()
        self._vocabulary.add(self._warm_up_words)
        self._lock = Lock()

    def score(self, records: Sequence[Record]) -> list[dict[str, float]]:
        """Return the probability (0 to 1) of each category for each record, in their order.

        Accepts any text: empty, with NUL or lone surrogates, or longer than the 20,000 characters
        that are read.
        """
        rows: list[list[float]] = []
        for batch in _batches(records):
            logits = self.logits(batch) * self._slopes + self._shifts
            rows += (1 / (1 + np.exp(-np.clip(logits, -60, 60)))).round(6).tolist()
        return [dict(zip(self.categories, row, strict=True)) for row in rows]

    def logits(self, records: Sequence[Record]) -> NDArray[np.float64]:
        """Return the log odds before calibration, of shape (records, categories)."""
        with self._lock:
            self._reset_if_full()
            batch = self._vocabulary.encode(records)
            words = _row_sums(self._token_weights[batch.token], batch.row, len(records))
        bigrams = _row_sums(self._weights[batch.bigram], batch.bigram_row, len(records))
        scale = 1 / np.sqrt(np.maximum(batch.token_counts(len(records)), 1))
        return np.asarray((words + BIGRAM_VALUE * bigrams) * scale[:, None] + self._biases)

    def explain(self, record: Record, category: str) -> Explanation:
        """Return how the parts of a record raise and lower its score in a category.

        Raises KeyError when the category is not one of `categories`.
        """
        if category not in self.categories:
            raise KeyError(f"{category} is not one of {', '.join(self.categories)}.")
        column = self.categories.index(category)
        with self._lock:
            self._reset_if_full()
            tokens = explain.tokenize_record(record, self._vocabulary)
            words = self._token_weights[tokens.token, column].astype(np.float64)
        bigrams = self._weights[tokens.bigram, column].astype(np.float64)
        bias = float(self._biases[column])
        return explain.explain(tokens, words, bigrams * BIGRAM_VALUE, bias=bias)

    def _add_tokens(self, tokens: Sequence[str]) -> None:
        """Compute and keep the weights of new tokens: the sums over their features."""
        features = hashing.token_features(tokens, bits=self._bits)
        by_token = np.argsort(features.token, kind="stable")
        weights = self._weights[features.column[by_token]] * features.value[by_token][:, None]
        start, end = self._token_count, self._token_count + len(tokens)
        if end > len(self._token_weights):
            size = max(end, 2 * len(self._token_weights))
            enlarged = np.zeros((size, len(self.categories)), np.float32)
            enlarged[:start] = self._token_weights[:start]
            self._token_weights = enlarged
        self._token_weights[start:end] = _row_sums(weights, features.token[by_token], len(tokens))
        self._token_count = end

    def _reset_if_full(self) -> None:
        if self._vocabulary.is_full:
            self._vocabulary.reset()
            self._token_count = 0
            self._vocabulary.add(self._warm_up_words)


def _batches(records: Sequence[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    size = 0
    for record in records:
        text = record if isinstance(record, str) else str(record.get("text") or "")
        if len(batch) == MAX_RECORDS or (batch and size > MAX_BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += min(len(text), MAX_CHARACTERS)
    if batch:
        yield batch


def _row_sums(values: Matrix, row: NDArray[np.int64], rows: int) -> Matrix:
    """Return the sum of the values of each row; `row` is sorted, and a row may have none."""
    result = np.zeros((rows, values.shape[1]), np.float32)
    if len(values):
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        present = row[starts]
        result[present] = np.add.reduceat(values, starts, axis=0)
    return result
