"""The released classifier, and a small one fitted on made-up comments within a second."""

from pathlib import Path

import numpy as np
import pytest

from ml import artifact
from ml.classifier import Classifier
from ml.pipeline import CommentClassifier, build_estimator
from ml.tokens import Record
from ml.train import to_arrays

CATEGORIES = ("SPAM", "TOXICITY")
SPAM: tuple[Record, ...] = (
    "buy cheap watches now http://watches.example/buy",
    "cheap loans and casino bonus http://casino.example",
    {"text": "great site", "author_name": "Cheap Loans", "author_url": "http://loans.example/x/y"},
)
TOXIC = ("you are a stupid idiot", "what a stupid man", "idiot, nobody likes you")
CALM = ("thanks for the nice article", "how do I install this on my laptop?", "I agree with you")


@pytest.fixture(scope="session")
def released() -> Classifier:
    return artifact.load()


@pytest.fixture(scope="session")
def estimator() -> CommentClassifier:
    records = [*SPAM, *TOXIC, *CALM] * 8
    labels = np.array([[1, np.nan]] * 3 + [[0, 1]] * 3 + [[0, 0]] * 3 * 1, np.float32)
    return build_estimator(CATEGORIES).set_params(bits=14).fit(records, np.tile(labels, (8, 1)))


@pytest.fixture
def saved(estimator: CommentClassifier, tmp_path: Path) -> Path:
    limits = {"hold_at": 0.5, "reject_at": 0.9}
    facts = {
        "categories": list(CATEGORIES),
        "thresholds": dict.fromkeys(CATEGORIES, limits),
        "names_count_at": dict.fromkeys(CATEGORIES, 0.5),
    }
    return artifact.save(
        to_arrays(estimator), tmp_path / "artifact", metadata=facts, card="# Card\n"
    )


@pytest.fixture
def classifier(saved: Path) -> Classifier:
    return artifact.load(saved)
