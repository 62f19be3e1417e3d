"""What the encoder is trained on: the rows of the recipe, drawn by their weights, in rounds."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml import augment, bias, dataset, recipe, splicing
from ml.dataset import Row
from ml.recipe import Matrix
from ml.train import data_files

# Sources that nothing here learns from, to see what to expect of comments of another origin.
HELD_OUT = frozenset({"convabuse", "stormfront_vicomtech", "germeval2019"})
# The base model knows English. Of what it can't read it would learn the form alone.
UNREAD = frozenset({"cold_chinese", "kocohub_korean", "japanese_toxic", "toldbr"})
# Of large sources this share is read; more than of the classifier of words, which is asked first.
SHARES = {
    "goemotions": 0.3,
    "wiki_context_toxicity": 0.7,
    "spamassassin": 0.5,
    "paradetox": 0.6,
    "civil_toxic_spans": 0.7,
    "jigsaw_wiki_stripped": 0.4,
    "jigsaw_multilingual_es_fr": 0.4,
    "edos": 0.5,
    "gab_hate": 0.7,
}
# How much more often than by the weights of the recipe a source is drawn. Hate in plain words is
# what words alone don't tell.
FACTORS = {
    "jigsaw_wiki": 0.6,
    "germeval2018": 0.5,
    "jigsaw_multilingual_es_fr": 0.5,
    "hatemoji_build": 2.0,
    "hatexplain": 1.4,
    "implicit_hate": 1.4,
    "gab_hate": 1.2,
    "edos": 0.5,
    "sms_spam": 0.5,
    "spamassassin": 0.5,
    "civil_toxic_spans": 1.3,
    "templates_identities": 0.4,
    "templates_names": 0.5,
    "templates_disguised_links": 0.3,
    "templates_honest_links": 0.5,
}
MAX_DRAWS = 2


def fitting_rows(data: Path) -> list[Row]:
    """Return the rows of the split `fit` with labels as the recipe presumes them."""
    found = (row for path in data_files(data) for row in dataset.read(path))
    unread = HELD_OUT | UNREAD | recipe.KEPT_APART
    return [
        row
        for row in recipe.select_rows(found, shares=SHARES)
        if row.source not in unread and dataset.split_of(row.text) == "fit"
    ]


class Mix:
    """Rows to draw from, some of them augmented.

    Attributes
    ----------
    rows : all of them.
    labels : 1, 0 or NaN (unknown), of shape (rows, categories).
    weights : of the labels of a row that was drawn, from 0 to 1, in the same shape.
    """

    def __init__(self, rows: Sequence[Row], categories: Sequence[str], *, seed: int) -> None:
        augmented = augment.augment(rows, seed=seed)
        # Links are not read: a copy with links is no more than a copy.
        self.rows = [row for row in augmented if row.source != splicing.SOURCE]
        self.labels: Matrix = recipe.label_matrix(self.rows, categories)
        weights = recipe.weight_matrix(self.rows, categories)
        self._chance = weights.max(axis=1) * [FACTORS.get(r.source, 1.0) for r in self.rows]
        self.weights: Matrix = weights / np.maximum(weights.max(axis=1, keepdims=True), 1e-9)
        texts = [row.text for row in self.rows]
        self.weights = bias.reweigh(texts, self.labels, self.weights)
        self._rng = np.random.default_rng(seed)

    def rounds(self, size: int) -> Iterator[NDArray[np.int64]]:
        """Yield, without end, about `size` indexes of rows in random order, drawn by weight."""
        expected = np.minimum(self._chance / self._chance.sum() * size, MAX_DRAWS)
        while True:
            ends = np.floor(np.cumsum(expected) + self._rng.random()).astype(int)
            drawn = np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))
            yield self._rng.permutation(drawn)

    def shares(self, size: int) -> dict[str, float]:
        """Return which share of a round of that size is of each source, the largest first."""
        expected = np.minimum(self._chance / self._chance.sum() * size, MAX_DRAWS)
        sources = np.array([row.source for row in self.rows])
        totals = {str(s): float(expected[sources == s].sum()) for s in np.unique(sources)}
        by_size = sorted(totals.items(), key=lambda item: -item[1])
        return {source: round(total / float(expected.sum()), 4) for source, total in by_size}
