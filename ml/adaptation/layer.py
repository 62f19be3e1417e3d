"""The layer of a site: what each word adds to the log odds that the classifier gives."""

from collections.abc import Collection, Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np

from ml.many_tokens import tokenize_all
from ml.tokens import (
    CONTEXT_CATEGORY,
    CONTEXT_PREFIX,
    SPECIAL_PREFIX,
    Record,
    author_specials,
    is_context,
    pre_tokens,
    tokenize,
)

FORMAT_VERSION = 2
# In a text of more distinct words than these each weighs less, so that a long one is not held for
# the many words that it has.
FEW_WORDS = 9
# Scores are kept this far from 0 and 1, where log odds are infinite.
MARGIN = 1e-6


class LayerUnusable(Exception):
    """Raised when stored data is no layer of this format."""


class Layer:
    """Corrects the scores of a classifier by the words of a record. Immutable, thread-safe.

    Only SPAM reads links, hosts and what the author's name and website say, as in the classifier.

    Attributes
    ----------
    weights : `{category: {word: log odds}}`; what is not in it changes nothing. They are of texts
        of up to nine words; see `scale`.
    discounts : `{category: log odds}`, at least 0, by which what words add to a score together is
        less, down to nothing. What they take off is not: a discount never lowers a score.
    """

    def __init__(
        self, weights: Mapping[str, Mapping[str, float]], discounts: Mapping[str, float]
    ) -> None:
        self.weights, self.discounts = weights, discounts

    def correct(
        self, records: Sequence[Record], rows: Sequence[Mapping[str, float]]
    ) -> list[dict[str, float]]:
        """Return the scores of the records, 0 to 1 by category, corrected by their words."""
        return [
            dict(row) | self._corrected(record, row)
            for record, row in zip(records, rows, strict=True)
        ]

    def without(self, names: Collection[str]) -> "Layer":
        """Return the layer without the words of these names, as `name_of` gives them."""
        return Layer(
            {
                category: {w: weight for w, weight in words.items() if name_of(w) not in names}
                for category, words in self.weights.items()
            },
            self.discounts,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the layer as JSON, to be stored."""
        weights = {category: dict(words) for category, words in self.weights.items()}
        return {"format": FORMAT_VERSION, "weights": weights, "discounts": dict(self.discounts)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Layer":
        """Return the layer that `to_json` gave; raise LayerUnusable for anything else."""
        try:
            if data["format"] != FORMAT_VERSION:
                raise LayerUnusable(f"The layer is of format {data['format']}.")
            weights = {
                str(category): {str(word): float(weight) for word, weight in words.items()}
                for category, words in data["weights"].items()
            }
            discounts = {str(name): float(less) for name, less in data["discounts"].items()}
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise LayerUnusable(f"This is no layer: {error!r}") from None
        return cls(weights, discounts)

    def _corrected(self, record: Record, row: Mapping[str, float]) -> dict[str, float]:
        words = words_of(record)
        corrected = {}
        for category, weights in self.weights.items():
            read = readable(words, category)
            known = [weights[word] for word in read if word in weights]
            if known and category in row:
                added = sum(known) * scale(len(read))
                added = discounted(added, self.discounts.get(category, 0.0))
                corrected[category] = round(probability(log_odds(row[category]) + added), 6)
        return corrected


def name_of(word: str) -> str:
    """Return a word as people read and type it: special tokens in parentheses, `(link host x)`."""
    for prefix in (SPECIAL_PREFIX, CONTEXT_PREFIX):
        if word.startswith(prefix):
            return f"({word.removeprefix(prefix)})"
    return word


def words_of(record: Record) -> dict[str, bool]:
    """Return the distinct words of a record, and whether each is one of its text.

    The others are of links, or of the author.
    """
    author = [word for special in author_specials(record) for word in tokenize(special)]
    words = dict.fromkeys(author, False)
    for tokens in tokenize_all(pre_tokens(record)):
        words |= {word: not is_context(word) for word in tokens}
    return words


def readable(words: Mapping[str, bool], category: str) -> list[str]:
    """Return the words that a category reads."""
    return [word for word, in_text in words.items() if in_text or category == CONTEXT_CATEGORY]


def scale(words: int) -> float:
    """Return the share, 0 to 1, of its weight that each word has in a text of so many."""
    return sqrt(FEW_WORDS / max(FEW_WORDS, words))


def discounted(added: float, discount: float) -> float:
    """Return log odds that words add, less a discount, but not below nothing (soft threshold)."""
    return max(0.0, added - discount) if added > 0 else added


def log_odds(score: float) -> float:
    """Return the log odds of a probability."""
    bounded = min(max(score, MARGIN), 1 - MARGIN)
    return float(np.log(bounded / (1 - bounded)))


def probability(odds: float) -> float:
    """Return the probability of log odds."""
    return float(1 / (1 + np.exp(-odds)))
