"""The estimator: a calibrated linear classifier for each category, over shared features."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.utils import InputTags, Tags
from sklearn.utils.validation import check_is_fitted

from ml import recipe
from ml.features import CommentFeatures, halves
from ml.progress import with_progress
from ml.tokens import CONTEXT_CATEGORY, Record

Matrix = NDArray[np.float32]

# Passes over the training data, and what every feature is multiplied by: more changes little.
EPOCHS, FEATURE_SCALE = 7, 2.0
# So many positives are needed for a ratio to be trusted in full.
ENOUGH_POSITIVES = 5000


def build_estimator(categories: Sequence[str] = (), *, seed: int = 0) -> "CommentClassifier":
    """Return the unfitted estimator of the recipe for these categories."""
    penalty = recipe.penalties(categories)
    return CommentClassifier(categories=tuple(categories), penalty=penalty, seed=seed)


class CommentClassifier(ClassifierMixin, BaseEstimator):
    """Scores records in several categories at once; labels may be missing.

    Parameters
    ----------
    categories : the names of the columns of the labels.
    bits : the width of the hash of features, in bits.
    penalty : the strength of L2 regularisation (scikit-learn's `alpha`), for all categories or for
        each.
    exponent : a feature is scaled by this power of its absolute log-count ratio; by half of it
        where positives are few.
    seed : of the shuffling.

    Attributes
    ----------
    weights_ : float32 of shape (features, categories).
    biases_, slopes_, shifts_ : of shape (categories,). The probability of a category is
        `expit(slope * (row @ weights + bias) + shift)` (Platt 1999).
    """

    def __init__(
        self,
        categories: Sequence[str] = (),
        *,
        bits: int = 20,
        penalty: float | Sequence[float] = recipe.PENALTY,
        exponent: float = 1.0,
        seed: int = 0,
    ) -> None:
        self.categories, self.bits, self.penalty = categories, bits, penalty
        self.exponent, self.seed = exponent, seed

    def fit(
        self,
        records: Sequence[Record],
        labels: Matrix,
        sample_weight: Matrix | None = None,
    ) -> "CommentClassifier":
        """Fit each category on the records that are labelled in it.

        `labels` has a column for each category: 1, 0, or NaN where a record is not labelled.
        `sample_weight` has the same shape.
        """
        weights = np.ones_like(labels) if sample_weight is None else sample_weight
        return self.fit_features(self._features(records), labels, weights)

    def fit_features(self, rows: Any, labels: Matrix, weights: Matrix) -> "CommentClassifier":
        """Fit on the rows of a sparse feature matrix, as `fit` does on records."""
        columns = []
        penalties = np.broadcast_to(self.penalty, labels.shape[1])
        words, context = halves(rows)
        for column in with_progress(range(labels.shape[1]), "Fitting"):
            labelled = np.flatnonzero(~np.isnan(labels[:, column]))
            y = labels[labelled, column].astype(int)
            linear = self._linear_model(penalties[column])
            read = words[labelled]
            if self._reads_context(column):
                read = read + context[labelled]
            columns.append(self._fit_category(linear, read, y, weights[labelled, column]))
        self.weights_ = np.column_stack([weights for weights, _ in columns]).astype(np.float32)
        self.biases_ = np.array([bias for _, bias in columns], np.float32)
        self.slopes_ = np.ones(len(columns), np.float32)
        self.shifts_ = np.zeros(len(columns), np.float32)
        return self

    def calibrate(
        self, records: Sequence[Record], labels: Matrix, sample_weight: Matrix
    ) -> "CommentClassifier":
        """Fit slopes and shifts on records that `fit` has not seen (Platt scaling)."""
        logits = self.decision_function(records)
        for column in range(labels.shape[1]):
            labelled = ~np.isnan(labels[:, column])
            platt = LogisticRegression(C=1e3).fit(
                logits[labelled, column : column + 1],
                labels[labelled, column].astype(int),
                sample_weight=sample_weight[labelled, column],
            )
            self.slopes_[column] = platt.coef_[0, 0]
            self.shifts_[column] = platt.intercept_[0]
        return self

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags = InputTags(one_d_array=True, two_d_array=False, string=True)
        tags.target_tags.multi_output, tags.no_validation = True, True
        return tags

    def decision_function(self, records: Sequence[Record]) -> Matrix:
        """Return the logits before calibration, of shape (records, categories)."""
        check_is_fitted(self)
        return self.logits(self._features(records))

    def logits(self, rows: Any) -> Matrix:
        """Return the logits before calibration of the rows of a feature matrix."""
        words, context = halves(rows)
        logits = words @ self.weights_ + self.biases_
        for column in range(logits.shape[1]):
            if self._reads_context(column):
                logits[:, column] += context @ self.weights_[:, column]
        return np.asarray(logits, np.float32)

    def predict_proba(self, records: Sequence[Record]) -> Matrix:
        """Return calibrated probabilities, of shape (records, categories)."""
        logits = self.decision_function(records) * self.slopes_ + self.shifts_
        return np.asarray(expit(logits), np.float32)

    def _reads_context(self, column: int) -> bool:
        return list(self.categories)[column : column + 1] == [CONTEXT_CATEGORY]

    def _features(self, records: Sequence[Record]) -> Any:
        return CommentFeatures(self.bits).transform(records)

    def _fit_category(
        self, linear: SGDClassifier, rows: Any, y: Any, weights: Any
    ) -> tuple[NDArray[np.float64], float]:
        """Return weights and bias for features scaled by how informative each is by itself.

        The scale is a power of the log-count ratio (Wang and Manning 2012, NB-SVM). It is
        multiplied into the weights, so that scoring does not need it.
        """
        # Of few positives the ratio tells less, and is trusted less.
        exponent = self.exponent if y.sum() >= ENOUGH_POSITIVES else self.exponent / 2
        scale = FEATURE_SCALE * _log_count_ratio(rows, y) ** exponent
        values = rows.data * scale.astype(np.float32)[rows.indices]
        scaled = sp.csr_matrix((values, rows.indices, rows.indptr), shape=rows.shape)
        linear.fit(scaled, y, sample_weight=weights)
        return linear.coef_[0] * scale, float(linear.intercept_[0])

    def _linear_model(self, penalty: float) -> SGDClassifier:
        return SGDClassifier(
            loss="log_loss",
            alpha=penalty,
            max_iter=EPOCHS,
            tol=None,
            average=True,
            random_state=self.seed,
        )


def _log_count_ratio(rows: Any, y: Any) -> NDArray[np.float64]:
    """Return the smoothed absolute log-count ratio of each feature, between 0.1 and 3."""
    of_row = np.repeat(y, np.diff(rows.indptr))
    counts = [np.bincount(rows.indices[of_row == c], minlength=rows.shape[1]) + 5.0 for c in (0, 1)]
    ratio = np.log((counts[1] / counts[1].sum()) / (counts[0] / counts[0].sum()))
    return np.asarray(np.clip(np.abs(ratio) + 0.1, 0.1, 3.0))
