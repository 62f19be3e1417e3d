"""Fit a head: a logistic regression of scikit-learn for each category. Serving does not need it."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from ml.context.head import Head, Scores, inputs
from ml.recipe import Matrix


def fit(
    words: Scores,
    encoder: Scores,
    labels: Matrix,
    weights: Matrix,
    columns: Sequence[Sequence[int]],
) -> Head:
    """Fit on rows that neither has learned from; `columns` are those that each category reads.

    `labels` are 1, 0 or NaN (unknown). The weights of the rows make the population for which the
    probabilities are calibrated.
    """
    both = inputs(words, encoder)
    table, biases = np.zeros((labels.shape[1], both.shape[1])), np.zeros(labels.shape[1])
    for category, read in enumerate(columns):
        labelled = ~np.isnan(labels[:, category])
        # The weights of a population are in sum 1: made so large that regularisation is slight.
        mass = weights[labelled, category] * labelled.sum() / weights[labelled, category].sum()
        model = LogisticRegression(C=1.0, max_iter=1000).fit(
            both[labelled][:, read], labels[labelled, category].astype(int), sample_weight=mass
        )
        table[category, list(read)], biases[category] = model.coef_[0], model.intercept_[0]
    return Head(table, biases)
