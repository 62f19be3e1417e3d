"""Fit a layer: a logistic regression on words that starts from the classifier's own log odds.

The weights have a normal prior around zero, so where labels are few, the classifier stands. The
rows are scaled by the length of the text, as TF-IDF's are.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import ceil, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.adaptation.layer import Layer, log_odds, name_of, readable, scale, words_of
from ml.tokens import Record

# SciPy is loaded where it is used: it takes half a second, which no process that only scores need
# spend.
if TYPE_CHECKING:
    import scipy.sparse as sp

Vector = NDArray[np.float64]
# The variance of the prior of a word's weight: found on streams of sources that the classifier
# never saw (docs/decisions/0160-a-layer-of-words.md).
PRIOR_VARIANCE = 6.0
# A category is learned from so many texts of either kind on.
LEAST_OF_EACH = 8
# A word counts that so many texts have: fewer tell of a text, not of a word.
LEAST_TEXTS = 2
MAX_WORDS, LEAST_WEIGHT = 4000, 0.01
# The share of harmless texts that may be held in addition by cross-validation.
TOLERATED_FALSE_ALARMS = 0.005
FOLDS = 5


class Lesson(NamedTuple):
    """A labelled record with the classifier's scores (0 to 1) and the labels, by category."""

    record: Record
    scores: Mapping[str, float]
    labels: Mapping[str, bool]
    weight: float = 1.0


class _Data(NamedTuple):
    rows: "sp.csr_matrix"
    labels: Vector
    offsets: Vector
    weights: Vector

    def at(self, rows: NDArray[np.int64]) -> "_Data":
        return _Data(self.rows[rows], self.labels[rows], self.offsets[rows], self.weights[rows])


def fit(
    lessons: Sequence[Lesson],
    *,
    hold_at: Mapping[str, float],
    anchors: Sequence[Lesson] = (),
    without: Collection[str] = (),
) -> Layer:
    """Return the layer that fits the lessons; it has only the categories that are in `hold_at`.

    `anchors` are texts that must go on being judged rightly: they keep the weights of words that
    the lessons have within bounds, and bring no words of their own.

    `without` are the names of words that get no weight, as `name_of` gives them.

    `hold_at` are the scores from which comments are held. A discount is found by cross-validation,
    so that no more harmless texts reach them than by the classifier alone.
    """
    known = [*lessons, *anchors]
    words = [words_of(lesson.record) for lesson in known]
    weights, discounts = {}, {}
    for category, limit in hold_at.items():
        taught = [i for i, lesson in enumerate(lessons) if category in lesson.labels]
        harmful = sum(lessons[i].labels[category] for i in taught)
        if min(harmful, len(taught) - harmful) < LEAST_OF_EACH:
            continue
        vocabulary = _vocabulary([readable(words[i], category) for i in taught], without)
        own = len(taught)
        taught += [i for i in range(len(lessons), len(known)) if category in known[i].labels]
        read = [readable(words[i], category) for i in taught]
        data = _Data(
            _matrix(read, vocabulary),
            np.array([known[i].labels[category] for i in taught], float),
            np.array([log_odds(known[i].scores.get(category, 0.0)) for i in taught]),
            np.array([known[i].weight for i in taught]),
        )
        weights[category] = _named(_fitted(data), vocabulary)
        discounts[category] = _discount(data, log_odds(limit), own=own)
    return Layer(weights, discounts)


def _vocabulary(texts: Sequence[Sequence[str]], without: Collection[str]) -> Mapping[str, int]:
    counts = Counter(word for text in texts for word in text)
    known = (word for word, count in counts.items() if count >= LEAST_TEXTS)
    often = sorted(word for word in known if name_of(word) not in without)
    return {word: number for number, word in enumerate(often)}


def _matrix(texts: Sequence[Sequence[str]], vocabulary: Mapping[str, int]) -> "sp.csr_matrix":
    import scipy.sparse as sp

    ids = [[vocabulary[word] for word in text if word in vocabulary] for text in texts]
    row = np.repeat(np.arange(len(ids)), [len(found) for found in ids])
    column = np.array([number for found in ids for number in found], np.int64)
    values = np.repeat([scale(len(text)) for text in texts], [len(found) for found in ids])
    return sp.csr_matrix((values, (row, column)), shape=(len(ids), len(vocabulary)))


def _fitted(data: _Data) -> Vector:
    """Return the weights with the greatest posterior probability."""
    from scipy.optimize import minimize
    from scipy.special import expit

    def loss(words: Vector) -> tuple[float, Vector]:
        odds = data.offsets + data.rows @ words
        losses = np.logaddexp(0, odds) - data.labels * odds
        slope = data.rows.T @ (data.weights * (expit(odds) - data.labels))
        prior = float(words @ words) / (2 * PRIOR_VARIANCE)
        return float(data.weights @ losses) + prior, slope + words / PRIOR_VARIANCE

    start = np.zeros(data.rows.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x)


def _discount(data: _Data, limit: float, *, own: int) -> float:
    """Return the log odds to take off what words add, so that false alarms do not become more.

    On the first `own` rows they become fewer by one standard deviation, since the discount is
    chosen on them; on the others, the anchors, there is none that was not there before.
    """
    folds = np.arange(len(data.labels)) % FOLDS
    added = np.zeros(len(folds))
    for fold in range(FOLDS):
        apart, rest = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        added[apart] = data.rows[apart] @ _fitted(data.at(rest))
    is_own, harmless = np.arange(len(folds)) < own, data.labels == 0
    before = data.offsets >= limit
    taught, anchored = harmless & is_own, harmless & ~is_own
    alarms = int((before & taught).sum())
    tolerated = ceil(TOLERATED_FALSE_ALARMS * taught.sum())
    allowed = max(int(alarms - sqrt(alarms)), tolerated)
    odds = data.offsets - limit
    return max(
        _least_discount(odds[taught], added[taught], allowed),
        _least_discount(odds[anchored], added[anchored], int((before & anchored).sum())),
    )


def _least_discount(odds: Vector, added: Vector, allowed: int) -> float:
    """Return the least discount by which so many texts at most have odds of 0 or more."""
    # No discount takes these back.
    remaining = int((odds + np.minimum(added, 0) >= 0).sum())
    excess = np.sort((odds + added)[(odds < 0) & (odds + added >= 0)])[::-1]
    spare = max(0, allowed - remaining)
    if len(excess) <= spare:
        return 0.0
    # What is just below the limit afterwards is the first one too many.
    return round(float(excess[spare]) + 1e-3, 4)


def _named(weights: Vector, vocabulary: Mapping[str, int]) -> dict[str, float]:
    heaviest = sorted(vocabulary, key=lambda word: -abs(weights[vocabulary[word]]))[:MAX_WORDS]
    named = {word: round(float(weights[vocabulary[word]]), 3) for word in sorted(heaviest)}
    return {word: weight for word, weight in named.items() if abs(weight) >= LEAST_WEIGHT}
