"""The second reader is asked in doubt alone, and its word counts beside that of the words."""

import numpy as np
import pytest

from ml.classifier import Classifier
from ml.context.second_reader import TwoReaders
from tests.ml.context.conftest import CATEGORIES, OneWordEncoder, manifest

DOUBTFUL, CALM = "wretch", "thanks for the nice article"


def test_what_words_find_calm_is_not_read_again(
    readers: TwoReaders, encoder: OneWordEncoder, classifier: Classifier
) -> None:
    assert readers.score([CALM]) == classifier.score([CALM])
    assert encoder.read == []


def test_what_words_leave_in_doubt_is_read_again(
    readers: TwoReaders, encoder: OneWordEncoder, classifier: Classifier
) -> None:
    (row,) = readers.score([DOUBTFUL])
    assert encoder.read == [DOUBTFUL]
    assert row["TOXICITY"] > classifier.score([DOUBTFUL])[0]["TOXICITY"]


def test_the_second_reader_may_find_harmless_what_words_do_not(
    readers: TwoReaders, classifier: Classifier
) -> None:
    text = "no stupid question"
    assert readers.score([text])[0]["TOXICITY"] < 0.1 < classifier.score([text])[0]["TOXICITY"]


def test_a_comment_has_the_same_score_in_any_batch(readers: TwoReaders) -> None:
    texts = [DOUBTFUL, CALM, "a stupid idiot", ""] * 100
    expected = [readers.score([text])[0] for text in texts[:4]] * 100
    for row, alone in zip(readers.score(texts), expected, strict=True):
        assert row == pytest.approx(alone, abs=2e-6)


def test_a_name_is_not_read_by_the_encoder(readers: TwoReaders, encoder: OneWordEncoder) -> None:
    readers.score([{"text": DOUBTFUL, "author_name": "Wretched Idiot"}])
    assert encoder.read == [DOUBTFUL]


def test_a_name_that_counts_is_held_whatever_the_text(readers: TwoReaders) -> None:
    named = {"text": CALM, "author_name": "stupid idiot"}
    (row,) = readers.score([named])
    assert row["TOXICITY"] >= readers.thresholds["TOXICITY"]["hold_at"]


def test_the_version_names_both(readers: TwoReaders, classifier: Classifier) -> None:
    assert readers.version == f"{classifier.version}+second"


def test_the_share_that_is_read_is_measured(readers: TwoReaders) -> None:
    assert readers.share_read([DOUBTFUL, CALM]) == 0.5
    assert readers.share_read([]) == 0


def test_a_head_of_another_shape_is_refused(
    classifier: Classifier, encoder: OneWordEncoder
) -> None:
    with pytest.raises(ValueError, match="shape"):
        TwoReaders(classifier, encoder, manifest(head={"weights": [[1, 2]], "biases": [0, 0]}))


def test_no_records_give_no_scores(readers: TwoReaders) -> None:
    assert readers.score([]) == []
    assert readers.predict_proba([]).shape == (0, 2)
    assert np.isfinite(readers.predict_proba(["\x00", "\ud800", ""])).all()


def test_what_it_can_not_read_is_left_to_the_words(
    readers: TwoReaders, encoder: OneWordEncoder, classifier: Classifier
) -> None:
    text = "спасибо stupid"
    assert readers.score([text])[0] == pytest.approx(classifier.score([text])[0], abs=2e-6)
    assert encoder.read == []


def test_what_is_not_read_is_held_when_the_words_alone_would(
    classifier: Classifier, encoder: OneWordEncoder
) -> None:
    limits = {"hold_at": 0.2, "reject_at": 1.01}
    readers = TwoReaders(
        classifier, encoder, manifest(thresholds=dict.fromkeys(CATEGORIES, limits))
    )
    texts = [f"{word} ж {other}" for word in ("stupid", "nice", "wretch", "you") for other in "abc"]
    alone = [row["TOXICITY"] >= 0.5 for row in classifier.score(texts)]
    assert [row["TOXICITY"] >= 0.2 for row in readers.score(texts)] == alone
    assert len(set(alone)) == 2


def test_spam_is_left_to_the_words(readers: TwoReaders, classifier: Classifier) -> None:
    assert readers.score([DOUBTFUL])[0]["SPAM"] == classifier.score([DOUBTFUL])[0]["SPAM"]
    assert readers.explain(DOUBTFUL, "SPAM") == classifier.explain(DOUBTFUL, "SPAM")


def sure(classifier: Classifier, encoder: OneWordEncoder) -> TwoReaders:
    limits = {"SPAM": 1.01, "TOXICITY": 0.05}
    return TwoReaders(classifier, encoder, manifest(sure_from=limits))


def test_words_that_are_sure_are_not_overruled(
    classifier: Classifier, encoder: OneWordEncoder
) -> None:
    text, readers = "no stupid question", sure(classifier, encoder)
    assert readers.score([text])[0] == pytest.approx(classifier.score([text])[0], abs=2e-6)
    assert readers.explain(text, "TOXICITY") == classifier.explain(text, "TOXICITY")


def test_where_the_second_reader_finds_more_its_word_counts(
    classifier: Classifier, encoder: OneWordEncoder, readers: TwoReaders
) -> None:
    assert sure(classifier, encoder).score([DOUBTFUL]) == readers.score([DOUBTFUL])
    explained = sure(classifier, encoder).explain(DOUBTFUL, "TOXICITY")
    assert explained == readers.explain(DOUBTFUL, "TOXICITY")
