"""Put what words and encoder say together: a logistic regression for each category."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
# Log odds beyond this are as good as certain.
CERTAIN = 8.0


class Head:
    """The weights of both judgements in each category.

    Parameters
    ----------
    weights : of shape (categories, inputs), for the columns of `inputs`.
    biases : of shape (categories,).
    """

    def __init__(self, weights: Scores, biases: Scores) -> None:
        self.weights, self.biases = weights, biases

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Head":
        """Return the head that `to_json` gave; raise KeyError or ValueError for another thing."""
        weights, biases = (np.array(values[name], float) for name in ("weights", "biases"))
        if weights.shape != (len(biases), 2 * len(biases)):
            raise ValueError("the head has not the shape of its categories")
        return cls(weights, biases)

    def to_json(self) -> dict[str, Any]:
        """Return the weights as lists."""
        return {"weights": self.weights.tolist(), "biases": self.biases.tolist()}

    def probabilities(self, words: Scores, encoder: Scores) -> Scores:
        """Return probabilities, of shape (records, categories), for log odds of the same shape."""
        return probabilities(inputs(words, encoder) @ self.weights.T + self.biases)


def inputs(words: Scores, encoder: Scores) -> Scores:
    """Return what a head reads: the log odds of both, side by side and bounded."""
    return np.clip(np.hstack([words, encoder]), -CERTAIN, CERTAIN)


def probabilities(log_odds: Scores) -> Scores:
    """Return the probabilities of log odds."""
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def log_odds(probabilities: Scores) -> Scores:
    """Return the log odds of probabilities, within bounds."""
    bounded = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(bounded / (1 - bounded)))
