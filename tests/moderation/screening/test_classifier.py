"""The bridge to the classifier serves both readers, and explains slowly or quickly."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ml.classifier import Classifier
from ml.context.occlusion import SECOND_READER
from moderation.screening import classifier
from moderation.screening.classifier import ClassifierInput

pytestmark = pytest.mark.real_classifier
DOUBTFUL = ClassifierInput(text="go back to your country", author_name="Ann", author_url="")


def test_an_explanation_of_both_readers_names_the_second_one() -> None:
    explanation = classifier.explain(DOUBTFUL, "TOXICITY")["TOXICITY"]
    assert explanation.method == "occlusion"
    assert explanation.features[SECOND_READER] > 0


def test_a_quick_explanation_is_that_of_the_words() -> None:
    explanation = classifier.explain(DOUBTFUL, "TOXICITY", quickly=True)["TOXICITY"]
    assert explanation.method == "exact"


def test_who_waits_for_spam_alone_is_answered_by_the_words() -> None:
    with classifier.words_alone():
        assert isinstance(classifier.classifier(), Classifier)
        thresholds = classifier.recommended_thresholds()
    assert not isinstance(classifier.classifier(), Classifier)
    assert thresholds != classifier.recommended_thresholds()


def test_turned_off_the_words_decide_alone(settings: Any) -> None:
    both = classifier.score([DOUBTFUL])
    settings.SECOND_READER = False
    alone = classifier.score([DOUBTFUL])
    assert isinstance(classifier.classifier(), Classifier)
    assert classifier.second_reader_away() == ""
    assert alone.classifier_version == both.classifier_version.partition("+")[0]
    assert alone.rows[0]["TOXICITY"] < both.rows[0]["TOXICITY"]


def test_without_its_files_the_second_reader_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_classifier: None
) -> None:
    monkeypatch.setattr("ml.context.artifact.RELEASED", tmp_path)
    assert "manifest" in classifier.second_reader_away()
    assert isinstance(classifier.classifier(), Classifier)


@pytest.fixture
def fresh_classifier() -> Iterator[None]:
    classifier._load.cache_clear()
    yield
    classifier._load.cache_clear()
