"""Explanations add up to the score, and point at the words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.classifier import Classifier

WILD = st.text(st.characters(exclude_categories=[]), max_size=60)


@given(text=WILD, name=WILD, website=WILD)
@settings(max_examples=150)
def test_the_weights_add_up_to_the_logit(
    classifier: Classifier, text: str, name: str, website: str
) -> None:
    record = {"text": text, "author_name": name, "author_url": website}
    logit = float(classifier.logits([record])[0, 0])
    explanation = classifier.explain(record, "SPAM")
    weights = [weight for *_, weight in explanation.spans]
    total = explanation.bias + sum(weights) + sum(explanation.features.values())
    assert total == pytest.approx(logit, abs=1e-4)


def test_the_insult_raises_the_score_most(classifier: Classifier) -> None:
    text = "nice article, you stupid idiot"
    spans = classifier.explain(text, "TOXICITY").spans
    heaviest = max(spans, key=lambda span: span[2])
    assert text[heaviest[0] : heaviest[1]] in {"stupid", "idiot"}


def test_spans_are_positions_in_the_original_text(classifier: Classifier) -> None:
    text = "look 🙂 at that s t u p i d man"
    spans = classifier.explain(text, "TOXICITY").spans
    assert "s t u p i d" in [text[start:end] for start, end, _ in spans]


def test_the_author_is_a_feature_beside_the_spans(classifier: Classifier) -> None:
    record = {"text": "great site", "author_name": "Cheap Loans", "author_url": "http://l.example"}
    features = classifier.explain(record, "SPAM").features
    assert features["author's name"] > 0
    assert "author's website" in features


def test_an_unknown_category_raises(classifier: Classifier) -> None:
    with pytest.raises(KeyError, match="SPAM, TOXICITY"):
        classifier.explain("hello", "WEATHER")


def test_an_empty_comment_has_its_bias_alone(classifier: Classifier) -> None:
    explanation = classifier.explain("", "SPAM")
    assert not explanation.spans
    logit = float(classifier.logits([""])[0, 0])
    assert explanation.bias == pytest.approx(logit, abs=1e-4)
