"""A score that the second reader had a say in is explained by leaving out parts of the text."""

import pytest

from ml.classifier import Classifier
from ml.context.occlusion import MAX_PARTS, SECOND_READER
from ml.context.second_reader import TwoReaders
from tests.ml.context.conftest import OneWordEncoder


def test_the_word_that_decides_weighs_most(readers: TwoReaders) -> None:
    text = "you stupid wretch, hello"
    explanation = readers.explain(text, "TOXICITY")
    start, end, _ = max(explanation.spans, key=lambda span: span[2])
    assert text[start:end] == "wretch"
    assert explanation.method == "occlusion"


def test_what_the_second_reader_changed_is_a_feature(readers: TwoReaders) -> None:
    assert readers.explain("wretch", "TOXICITY").features[SECOND_READER] > 0
    assert readers.explain("no stupid question", "TOXICITY").features[SECOND_READER] < 0


def test_calm_words_are_explained_exactly(readers: TwoReaders, classifier: Classifier) -> None:
    text = "thanks for the nice article"
    assert readers.explain(text, "TOXICITY") == classifier.explain(text, "TOXICITY")


def test_a_name_that_decides_is_the_explanation(
    readers: TwoReaders, classifier: Classifier
) -> None:
    named = {"text": "hello", "author_name": "stupid idiot"}
    assert readers.explain(named, "TOXICITY") == classifier.explain(named, "TOXICITY")


def test_a_long_text_takes_a_bounded_number_of_readings(
    readers: TwoReaders, encoder: OneWordEncoder
) -> None:
    text = "stupid wretch " * 400
    explanation = readers.explain(text, "TOXICITY")
    assert len(encoder.read) <= MAX_PARTS + 2
    assert len(explanation.spans) <= MAX_PARTS


def test_an_unknown_category_is_refused(readers: TwoReaders) -> None:
    with pytest.raises(KeyError, match="SEXUAL"):
        readers.explain("stupid wretch", "SEXUAL")
