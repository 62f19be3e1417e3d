"""Two readers of which the second one knows a single word, so that a test says what it is about."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ml.classifier import Classifier
from ml.context.second_reader import TwoReaders

CATEGORIES = ("SPAM", "TOXICITY")
# What the head makes of both: the words' log odds of the same category and the encoder's.
HEAD = {"weights": [[1, 0, 0, 0], [0, 0.1, 0, 1]], "biases": [0, 0]}


class OneWordEncoder:
    """Finds "wretch" toxic and everything else harmless, and remembers what it was given."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def log_odds(self, sentences: Sequence[str]) -> NDArray[np.float64]:
        self.read += sentences
        return np.array([[0.0, 4.0 if "wretch" in text else -4.0] for text in sentences])

    def can_read(self, sentence: str) -> bool:
        return sentence.isascii() and sentence != ""


def manifest(**changes: Any) -> dict[str, Any]:
    limits = {"hold_at": 0.5, "reject_at": 1.01}
    return {
        "version": "second",
        "head": HEAD,
        "doubt_from": {"SPAM": 1.01, "TOXICITY": 0.05},
        "sure_from": dict.fromkeys(CATEGORIES, 1.01),
        "thresholds": dict.fromkeys(CATEGORIES, limits),
        **changes,
    }


@pytest.fixture
def encoder() -> OneWordEncoder:
    return OneWordEncoder()


@pytest.fixture
def readers(classifier: Classifier, encoder: OneWordEncoder) -> TwoReaders:
    return TwoReaders(classifier, encoder, manifest())
