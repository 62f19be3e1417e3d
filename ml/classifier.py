"""The classifier as it serves: NumPy alone, with the weights of each token computed once."""

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import explain, hashing
from ml.explain import Explanation
from ml.hashing import PAIR_VALUE
from ml.text import MAX_CHARACTERS
from ml.tokens import CONTEXT_CATEGORY, MAX_FIELD_CHARACTERS, Record
from ml.vocabulary import Vocabulary

Matrix = NDArray[np.float32]
# A threshold that no score reaches.
NEVER = 1.01
# Rows of weights are padded to a multiple of so many columns: what lies within one line of the
# processor's cache is copied several times as fast.
ALIGNED_COLUMNS = 8
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
        self._weights: Matrix = _padded(arrays["weights"])
        self._biases, self._slopes, self._shifts = (
            arrays[name].astype(np.float64) for name in ("biases", "slopes", "shifts")
        )
        # The categories that read links and the author, and those in which a name counts by itself.
        self._reads_context = np.array([c == CONTEXT_CATEGORY for c in self.categories])
        limits = manifest.get("names_count_at", {})
        at = [limits.get(category, NEVER) for category in self.categories]
        self._name_counts_at = np.where(self._reads_context, NEVER, at)
        self._bits = int(self._weights.shape[0]).bit_length() - 1
        self._token_weights = np.zeros((4096, self._weights.shape[1]), np.float32)
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
        rows = self.predict_proba(records).round(6).tolist()
        return [dict(zip(self.categories, row, strict=True)) for row in rows]

    def predict_proba(self, records: Sequence[Record]) -> NDArray[np.float64]:
        """Return the probabilities, of shape (records, categories), as the estimators do."""
        batches = [self.probabilities(batch) for batch in _batches(records)]
        return np.concatenate([np.zeros((0, len(self.categories))), *batches])

    def probabilities(self, records: Sequence[Record]) -> NDArray[np.float64]:
        """Return the probability of each category for each record, of shape (records, categories).

        The author's name counts as SPAM reads it; in every other category it counts by itself, and
        only from a limit on that lies above ordinary names: a name neither excuses a text nor makes
        it worse.
        """
        return self.with_names(records, self.text_probabilities(records))

    def text_probabilities(self, records: Sequence[Record]) -> NDArray[np.float64]:
        """Return the probabilities before names count by themselves, of the same shape."""
        return self._calibrated(self.logits(records))

    def with_names(
        self,
        records: Sequence[Record],
        scores: NDArray[np.float64],
        *,
        least: NDArray[np.float64] | float = 0.0,
    ) -> NDArray[np.float64]:
        """Return the scores of texts, raised to those of the names that count by themselves.

        A name that counts has at least the score `least`: one for all categories, or for each.
        """
        scores = scores.copy()
        names = {i: name for i, record in enumerate(records) if (name := _name(record))}
        if names:
            of_names = self._calibrated(self.logits(list(names.values())))
            of_names = np.where(of_names >= self._name_counts_at, np.maximum(of_names, least), 0)
            rows = list(names)
            scores[rows] = np.maximum(scores[rows], of_names)
        return scores

    def logits(self, records: Sequence[Record]) -> NDArray[np.float64]:
        """Return the log odds before calibration, of shape (records, categories)."""
        size = len(records)
        with self._lock:
            self._reset_if_full()
            batch = self._vocabulary.encode(records)
            words, context, author = (
                _row_sums(_taken(self._token_weights, token), row, size)
                for row, token in (
                    (batch.row, batch.token),
                    (batch.context_row, batch.context),
                    (batch.author_row, batch.author),
                )
            )
        pairs = _row_sums(_taken(self._weights, batch.pair), batch.pair_row, size)
        n_words, n_context, n_author = (
            np.bincount(row, minlength=size)
            for row in (batch.row, batch.context_row, batch.author_row)
        )
        number = len(self.categories)
        logits = (words + PAIR_VALUE * pairs)[:, :number] * _scale(n_words) + self._biases
        beside = context * _scale(n_words + n_context) + author * _scale(n_author)
        return np.asarray(logits + np.where(self._reads_context, beside[:, :number], 0))

    def explain(self, record: Record, category: str) -> Explanation:
        """Return how the parts of a record raise and lower its score in a category.

        Raises KeyError when the category is not one of `categories`.
        """
        if category not in self.categories:
            raise KeyError(f"{category} is not one of {', '.join(self.categories)}.")
        column = self.categories.index(category)
        bias = float(self._biases[column])
        if self.name_decides(record, category):
            logit = float(self.logits([_name(record)])[0, column])
            return Explanation((), {explain.NAME: logit - bias}, bias)
        with self._lock:
            self._reset_if_full()
            tokens = explain.tokenize_record(record, self._vocabulary)
            words = self._token_weights[tokens.token, column].astype(np.float64)
        if not self._reads_context[column]:
            words = np.where(tokens.is_text, words, 0)
        pairs = self._weights[tokens.pair, column].astype(np.float64)
        return explain.explain(tokens, words, pairs * PAIR_VALUE, bias=bias)

    def name_decides(self, record: Record, category: str) -> bool:
        """Return whether the score in a category is that of the author's name."""
        column, name = self.categories.index(category), _name(record)
        if not name or self._reads_context[column]:
            return False
        own, of_name = self._calibrated(self.logits([record, name]))[:, column]
        return bool(of_name >= self._name_counts_at[column] and of_name > own)

    def _calibrated(self, logits: NDArray[np.float64]) -> NDArray[np.float64]:
        logits = logits * self._slopes + self._shifts
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -60, 60))))

    def _add_tokens(self, tokens: Sequence[str], hashes: hashing.Hashes) -> None:
        """Compute and keep the weights of new tokens: the sums over their features."""
        start, end = self._token_count, self._token_count + len(tokens)
        if end > len(self._token_weights):
            size = max(end, 2 * len(self._token_weights))
            enlarged = np.zeros((size, self._weights.shape[1]), np.float32)
            enlarged[:start] = self._token_weights[:start]
            self._token_weights = enlarged
        sums = np.zeros((len(tokens), self._weights.shape[1]), np.float32)
        for features in hashing.features_by_kind(tokens, hashes, bits=self._bits):
            weights = _taken(self._weights, features.column)
            sums += _row_sums(weights, features.token, len(tokens)) * features.value[:, None]
        self._token_weights[start:end] = sums
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


def _name(record: Record) -> str:
    name = "" if isinstance(record, str) else str(record.get("author_name") or "")
    return name[:MAX_FIELD_CHARACTERS].strip()


def _scale(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(1 / np.sqrt(np.maximum(counts, 1)))[:, None]


def _padded(weights: NDArray[Any]) -> Matrix:
    rows, columns = weights.shape
    padded = np.zeros((rows, -(-columns // ALIGNED_COLUMNS) * ALIGNED_COLUMNS), np.float32)
    padded[:, :columns] = weights
    return padded


def _taken(weights: Matrix, rows: NDArray[Any]) -> Matrix:
    """Return these rows of a table; several times as fast as indexing, which checks each."""
    return weights.take(rows.astype(np.int64, copy=False), axis=0, mode="clip")


def _row_sums(values: Matrix, row: NDArray[np.int64], rows: int) -> Matrix:
    """Return the sum of the values of each row; `row` is sorted, and a row may have none."""
    result = np.zeros((rows, values.shape[1]), np.float32)
    if len(values):
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        present = row[starts]
        result[present] = np.add.reduceat(values, starts, axis=0)
    return result
