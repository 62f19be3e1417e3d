"""From which scores of the words a comment is read a second time, and they are not overruled."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ml import metrics, recipe
from ml.tokens import CONTEXT_CATEGORY

# Of calm comments at most this share is read again for the sake of a category, so that half of them
# never are. The finer categories overlap with TOXICITY, and SPAM is left to the words.
MAX_CALM_SHARE = 0.4
MAX_CALM_SHARE_FINE = 0.08
# Short hostile sentences about groups are in what the words learned from, and not in what the
# encoder did. Of what it overruled from this score on, most was harmful
# (docs/decisions/0277-hold-goals-within-one-calm-budget.md).
SURE_FROM = {"IDENTITY_ATTACK": 0.4}


def doubt_from(scores: NDArray[np.float64], categories: Sequence[str]) -> dict[str, float]:
    """Return for each category the score from which there is doubt, given those of calm comments.

    `scores` are the words' probabilities, of shape (comments, categories).
    """
    table = {}
    for column, category in enumerate(categories):
        fine = category in recipe.FINE_CATEGORIES
        share = MAX_CALM_SHARE_FINE if fine else MAX_CALM_SHARE
        table[category] = round(metrics.quantile_cut(scores[:, column], share), 4)
        if category == CONTEXT_CATEGORY:
            table[category] = metrics.NEVER
    return table


def sure_from(categories: Sequence[str]) -> dict[str, float]:
    """Return for each category the score from which the words are not overruled."""
    return {category: SURE_FROM.get(category, metrics.NEVER) for category in categories}
