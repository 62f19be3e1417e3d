"""The estimators behave like scikit-learn's, and read records like the served classifier."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.estimator_checks import estimator_checks_generator

from ml.classifier import Classifier
from ml.features import CommentFeatures
from ml.pipeline import CommentClassifier, build_estimator
from ml.tokens import Record

RECORDS: list[Record] = ["you stupid idiot", "", {"text": "buy now", "author_name": "Loans"}, "ok"]


@pytest.mark.parametrize("model", [CommentFeatures(10), build_estimator(("SPAM",))], ids=repr)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_estimators_pass_scikit_learns_checks(model: BaseEstimator) -> None:
    for one, check in estimator_checks_generator(model):
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


def test_the_served_classifier_has_the_logits_of_the_estimator(
    classifier: Classifier, estimator: CommentClassifier
) -> None:
    expected = estimator.decision_function(RECORDS)
    np.testing.assert_allclose(classifier.logits(RECORDS), expected, rtol=2e-3, atol=0.1)


def test_a_category_is_fitted_on_the_records_that_are_labelled_in_it() -> None:
    records = ["stupid man", "nice man", "cheap watches", "my watch"]
    labels = np.array([[1, np.nan], [0, np.nan], [np.nan, 1], [np.nan, 0]], np.float32)
    masked = build_estimator(("TOXICITY", "SPAM")).fit(records, labels)
    alone = build_estimator(("TOXICITY",)).fit(records[:2], labels[:2, :1])
    np.testing.assert_allclose(masked.weights_[:, 0], alone.weights_[:, 0])


def test_a_category_may_be_penalised_more_than_another() -> None:
    labels = np.array([[1, 1], [0, 0]], np.float32)
    model = CommentClassifier(("TOXICITY", "SPAM"), penalty=[1e-5, 1e-1])
    model.fit(["stupid man", "nice man"], labels)
    strong, weak = np.abs(model.weights_).sum(axis=0)
    assert weak < strong


def test_calibrated_scores_have_the_mean_of_the_labels() -> None:
    rng = np.random.default_rng(0)
    words = np.where(rng.random(400) < 0.5, "stupid", "nice")
    labels = ((words == "stupid") ^ (rng.random(400) < 0.2)).astype(np.float32)[:, None]
    records = [f"{word} man" for word in words]
    model = (
        build_estimator(("TOXICITY",))
        .fit(records, labels)
        .calibrate(records, labels, np.ones((400, 1)))
    )
    assert model.predict_proba(records).mean() == pytest.approx(labels.mean(), abs=0.02)
