"""Scoring: any text, in order, within limits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml import vocabulary
from ml.classifier import Classifier
from ml.text import MAX_CHARACTERS

WILD = st.text(st.characters(exclude_categories=[]), max_size=60)


@given(st.lists(WILD, max_size=8))
@settings(max_examples=100)
def test_any_text_has_a_score_that_does_not_depend_on_its_neighbours(
    classifier: Classifier, texts: list[str]
) -> None:
    together = classifier.score(texts)
    alone = [classifier.score([text])[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert all(abs(one[c] - other[c]) < 1e-5 and 0 <= one[c] <= 1 for c in one)


def test_no_records_give_no_scores(classifier: Classifier) -> None:
    assert classifier.score([]) == []


@pytest.mark.parametrize("piece", ["a", "a ", "http://a.b/", "\x00"])
def test_of_a_megabyte_only_the_beginning_counts(classifier: Classifier, piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert classifier.score([text]) == classifier.score([text[:MAX_CHARACTERS]])


def test_a_disguised_insult_scores_like_a_plain_one(classifier: Classifier) -> None:
    disguised = ["you s t u p i d idi0t", "you ѕtuріd idiоt", "you stuuupid i.d.i.o.t"]
    calm, *logits = classifier.logits(["you nice man", *disguised])[:, 1]
    assert all(logit > calm + 10 for logit in logits)


def test_the_author_changes_the_score(classifier: Classifier) -> None:
    bare, signed = classifier.score(
        [
            "great site",
            {"text": "great site", "author_name": "Casino", "author_url": "http://casino.example"},
        ]
    )
    assert signed["SPAM"] > bare["SPAM"]


def test_fields_may_be_null_or_of_another_type(classifier: Classifier) -> None:
    odd = {"text": "hello", "author_name": None, "author_url": 7, "author_email": ["x"]}
    assert classifier.score([odd])[0].keys() == set(classifier.categories)


def test_scores_survive_a_reset_of_the_full_vocabulary(
    classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary, "MAX_PRE_TOKENS", 3)
    before = classifier.score(["you stupid idiot"])
    for number in range(5):
        classifier.score([f"word{number} another{number} third{number}"])
    assert classifier.score(["you stupid idiot"]) == before
