"""Score comments by their words, and have the encoder read those about which words leave doubt."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ml.classifier import Classifier
from ml.context import head, occlusion
from ml.context.head import Head
from ml.context.occlusion import Occluded
from ml.context.reading import sentence
from ml.explain import Explanation
from ml.tokens import CONTEXT_CATEGORY, Record

Scores = NDArray[np.float64]
# The records of a batch, so that memory stays bounded.
BATCH = 256


class Reads(Protocol):
    """What reads sentences."""

    def log_odds(self, sentences: Sequence[str], /) -> Scores:
        """Return log odds, of shape (sentences, categories)."""

    def can_read(self, sentence: str, /) -> bool:
        """Return whether a sentence is in a language that it knows."""


class TwoReaders:
    """Scores as the classifier does, with a second opinion in doubt. Thread-safe.

    A record is read a second time when its words give any category at least the score from which
    there is doubt. Of what is not read the words decide as they do alone: their log odds are moved
    so that their threshold falls on that of both. So do words that are sure of a category, as long
    as the encoder does not find more in it. SPAM is left to the words: it shows in links and names,
    which the encoder does not read.

    Attributes
    ----------
    words, encoder : the classifier of words, and what reads sentences.
    version : that of the words and that of the second reader, with a plus between them.
    categories, thresholds, manifest : as of a classifier; measured with both.
    """

    def __init__(self, words: Classifier, encoder: Reads, manifest: Mapping[str, Any]) -> None:
        self.words, self.encoder = words, encoder
        self.manifest = {**words.manifest, **manifest}
        self.categories = words.categories
        self.version = f"{words.version}+{manifest['version']}"
        self.thresholds: Mapping[str, Mapping[str, float]] = manifest["thresholds"]
        self._head = Head.from_json(manifest["head"])
        self._doubt_from = np.array([manifest["doubt_from"][name] for name in self.categories])
        self._sure_from = np.array([manifest["sure_from"][name] for name in self.categories])
        self._left_to_words = np.array([name == CONTEXT_CATEGORY for name in self.categories])
        self._last_occluded: tuple[Record, Occluded | None] = ("", None)
        self._hold_at = np.array([self.thresholds[name]["hold_at"] for name in self.categories])
        alone = np.array([words.thresholds[name]["hold_at"] for name in self.categories])
        self._moved_by = head.log_odds(self._hold_at) - head.log_odds(alone)

    def score(self, records: Sequence[Record]) -> list[dict[str, float]]:
        """Return the probability (0 to 1) of each category for each record, in their order."""
        rows = self.predict_proba(records).round(6).tolist()
        return [dict(zip(self.categories, row, strict=True)) for row in rows]

    def predict_proba(self, records: Sequence[Record]) -> Scores:
        """Return the probabilities, of shape (records, categories), as the estimators do."""
        batches = [
            self.probabilities(records[start : start + BATCH])
            for start in range(0, len(records), BATCH)
        ]
        return np.concatenate([np.zeros((0, len(self.categories))), *batches])

    def probabilities(self, records: Sequence[Record]) -> Scores:
        """Return the probabilities of one batch; names count as they do for the words."""
        scores = self.words.text_probabilities(records)
        doubtful = self._doubtful(records, scores)
        decided = self._of_words(scores)
        if doubtful:
            rows = list(doubtful)
            both = self.combined(scores[rows], list(doubtful.values()))
            decided[rows] = np.where(self._words_stand(scores[rows], both), decided[rows], both)
        decided = np.where(self._left_to_words, scores, decided)
        return self.words.with_names(records, decided, least=self._hold_at)

    def combined(self, words: Scores, sentences: Sequence[str]) -> Scores:
        """Return what the head makes of the words' probabilities and the encoder's judgement."""
        both = self._head.probabilities(head.log_odds(words), self.encoder.log_odds(sentences))
        return np.where(self._left_to_words, words, both)

    def _of_words(self, scores: Scores) -> Scores:
        """Return the words' probabilities, moved so that their threshold is that of both."""
        return head.probabilities(head.log_odds(scores) + self._moved_by)

    def _words_stand(self, scores: Scores, both: Scores) -> NDArray[np.bool_]:
        """Return where the words are too sure to be overruled by what both make of a record."""
        return (scores >= self._sure_from) & (self._of_words(scores) >= both)

    def share_read(self, records: Sequence[Record]) -> float:
        """Return the share of the records that would be read a second time."""
        scores = self.words.text_probabilities(records)
        return len(self._doubtful(records, scores)) / max(len(records), 1)

    def explain(self, record: Record, category: str) -> Explanation:
        """Return how the parts of a record raise and lower its score in a category.

        Exact where words, or the author's name, decide; else by occlusion. Raises KeyError
        when the category is not one of `categories`.
        """
        explanation = self.words.explain(record, category)
        scores = self.words.text_probabilities([record])
        read_twice = category != CONTEXT_CATEGORY and self._doubtful([record], scores)
        if not read_twice or self.words.name_decides(record, category):
            return explanation
        column = self.categories.index(category)
        occluded = self._occluded(record)
        if self._words_stand(scores, head.probabilities(occluded.together[:1]))[0, column]:
            return explanation
        return occlusion.explanation(occluded, column, of_words=explanation)

    def _occluded(self, record: Record) -> Occluded:
        """Return what `occlude` does; of the same record it is asked for each category in turn."""
        last_record, occluded = self._last_occluded
        if record != last_record or occluded is None:
            occluded = occlusion.occlude(self, record)
            self._last_occluded = record, occluded
        return occluded

    def _doubtful(self, records: Sequence[Record], scores: Scores) -> dict[int, str]:
        """Return the sentences to read, by the number of their record."""
        rows = np.flatnonzero((scores >= self._doubt_from).any(axis=1)).tolist()
        sentences = ((row, sentence(records[row])) for row in rows)
        return {row: text for row, text in sentences if self.encoder.can_read(text)}
