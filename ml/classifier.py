"""The fitted classifier as it serves: NumPy alone, each word worked out once."""

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml import explain, hashing
from ml.explain import Explanation
from ml.hashing import PAIR_VALUE
from ml.lexicon import Lexicon
from ml.text import LONGEST
from ml.tokens import Record

Matrix = NDArray[np.float32]
# Scored at once: so many records, of so many characters together, that memory stays bounded.
MOST_RECORDS, MOST_CHARACTERS = 1024, 500_000


class Classifier:
    """Scores records in every category at once, and says why.

    Attributes
    ----------
    version : the first twelve characters of the digest of its arrays.
    categories : the names of what it scores, in the order of its columns.
    thresholds : `{category: {"hold_at": …, "reject_at": …}}`, as its manifest recommends.
    manifest : everything recorded when it was trained.
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
        self._table = np.zeros((4096, len(self.categories)), np.float32)
        self._filled = 0
        self._lexicon = Lexicon(bits=self._bits, listener=self._learn, bounded=True)
        self._vocabulary = arrays["vocabulary"].tobytes().decode().split()
        self._lexicon.meet(self._vocabulary)
        self._lock = Lock()

    def score(self, records: Sequence[Record]) -> list[dict[str, float]]:
        """Return the probability (0 to 1) of each category for each record, in their order.

        Any text will do: empty, with NUL or lone surrogates, or long, of which the first 20,000
        characters count.
        """
        rows: list[list[float]] = []
        for batch in _batches(records):
            logits = self.logits(batch) * self._slopes + self._shifts
            rows += (1 / (1 + np.exp(-np.clip(logits, -60, 60)))).round(6).tolist()
        return [dict(zip(self.categories, row, strict=True)) for row in rows]

    def logits(self, records: Sequence[Record]) -> NDArray[np.float64]:
        """Return the log odds before calibration, of shape (records, categories)."""
        with self._lock:
            self._forget_if_full()
            reading = self._lexicon.read(records)
            words = _sums(self._table[reading.token], reading.row, len(records))
        pairs = _sums(self._weights[reading.pair], reading.pair_row, len(records))
        scale = 1 / np.sqrt(np.maximum(reading.sizes(len(records)), 1))
        return np.asarray((words + PAIR_VALUE * pairs) * scale[:, None] + self._biases)

    def explain(self, record: Record, category: str) -> Explanation:
        """Return what in the record raised and lowered its score in a category.

        Raises KeyError when the category is not one of `categories`.
        """
        if category not in self.categories:
            raise KeyError(f"{category} is not one of {', '.join(self.categories)}.")
        column = self.categories.index(category)
        with self._lock:
            self._forget_if_full()
            parts = explain.parts(record, self._lexicon)
            words = self._table[parts.token, column].astype(np.float64)
        pairs = self._weights[parts.pair, column].astype(np.float64)
        return explain.explain(parts, words, pairs * PAIR_VALUE, bias=float(self._biases[column]))

    def _learn(self, tokens: Sequence[str]) -> None:
        """Work out what each of these tokens contributes, and keep it."""
        found = hashing.entries(tokens, bits=self._bits)
        order = np.argsort(found.owner, kind="stable")
        weights = self._weights[found.column[order]] * found.value[order][:, None]
        filled = self._filled + len(tokens)
        if filled > len(self._table):
            more = np.zeros((max(filled, 2 * len(self._table)), len(self.categories)), np.float32)
            more[: self._filled] = self._table[: self._filled]
            self._table = more
        self._table[self._filled : filled] = _sums(weights, found.owner[order], len(tokens))
        self._filled = filled

    def _forget_if_full(self) -> None:
        if self._lexicon.full:
            self._lexicon.forget()
            self._filled = 0
            self._lexicon.meet(self._vocabulary)


def _batches(records: Sequence[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    size = 0
    for record in records:
        text = record if isinstance(record, str) else str(record.get("text") or "")
        if len(batch) == MOST_RECORDS or (batch and size > MOST_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += min(len(text), LONGEST)
    if batch:
        yield batch


def _sums(values: Matrix, row: NDArray[np.int64], rows: int) -> Matrix:
    """Return the sum of the values of each row; `row` is sorted, and a row may have none."""
    result = np.zeros((rows, values.shape[1]), np.float32)
    if len(values):
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        present = row[starts]
        result[present] = np.add.reduceat(values, starts, axis=0)
    return result
