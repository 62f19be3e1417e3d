"""The estimators behave as scikit-learn's do, and read records as the served classifier does."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import estimator_checks_generator

from ml.classifier import Classifier
from ml.features import CommentFeatures
from ml.pipeline import CommentClassifier, build
from ml.tokens import Record

RECORDS: list[Record] = ["you stupid idiot", "", {"text": "buy now", "author_name": "Loans"}, "ok"]


@pytest.mark.parametrize("made", [CommentFeatures(10), build(("SPAM",))], ids=repr)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_it_keeps_scikit_learns_contract(made: BaseEstimator) -> None:
    for one, check in estimator_checks_generator(made):
        check(one)


def test_a_clone_is_unfitted_and_has_the_same_parameters(estimator: CommentClassifier) -> None:
    copy = clone(estimator)
    assert copy.get_params() == estimator.get_params()
    with pytest.raises(NotFittedError):
        copy.predict_proba(["hello"])


def test_features_do_not_depend_on_the_batch() -> None:
    together = CommentFeatures(12).transform(RECORDS)
    alone = [CommentFeatures(12).transform([record]) for record in RECORDS]
    for row, one in zip(together, alone, strict=True):
        assert abs(row - one).max() < 1e-6


def test_it_serves_the_logits_that_it_was_fitted_to(
    classifier: Classifier, estimator: CommentClassifier
) -> None:
    expected = estimator.decision_function(RECORDS)
    np.testing.assert_allclose(classifier.logits(RECORDS), expected, rtol=2e-3, atol=0.1)


def test_a_category_is_fitted_on_the_records_that_are_labelled_in_it() -> None:
    records = ["stupid man", "nice man", "cheap watches", "my watch"]
    labels = np.array([[1, np.nan], [0, np.nan], [np.nan, 1], [np.nan, 0]], np.float32)
    masked = build(("TOXICITY", "SPAM")).fit(records, labels)
    alone = build(("TOXICITY",)).fit(records[:2], labels[:2, :1])
    np.testing.assert_allclose(masked.weights_[:, 0], alone.weights_[:, 0])


def test_a_category_may_be_penalised_more_than_another() -> None:
    labels = np.array([[1, 1], [0, 0]], np.float32)
    made = CommentClassifier(("TOXICITY", "SPAM"), penalty=[1e-5, 1e-1])
    made.fit(["stupid man", "nice man"], labels)
    strong, weak = np.abs(made.weights_).sum(axis=0)
    assert weak < strong


def test_calibrated_scores_are_honest_for_the_population_they_are_made_for() -> None:
    chance = np.random.default_rng(0)
    words = np.where(chance.random(400) < 0.5, "stupid", "nice")
    labels = ((words == "stupid") ^ (chance.random(400) < 0.2)).astype(np.float32)[:, None]
    records = [f"{word} man" for word in words]
    made = build(("TOXICITY",)).fit(records, labels).calibrate(records, labels, np.ones((400, 1)))
    assert made.predict_proba(records).mean() == pytest.approx(labels.mean(), abs=0.02)
