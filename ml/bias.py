"""Reduce and measure unintended bias: that a comment is judged by the group it is about.

The metrics of `bias_metrics` are those of Borkan et al. 2019, Nuanced Metrics for Measuring
Unintended Bias with Real Data for Text Classification.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ml import metrics
from ml.identities import Mask, group_mentions
from ml.metrics import Vector
from ml.recipe import Matrix

# How far a row's weight may be changed for the sake of a group.
MIN_FACTOR, MAX_FACTOR = 0.5, 4.0


def reweigh(texts: Sequence[str], labels: Matrix, weights: Matrix) -> Matrix:
    """Return the weights of labels, changed so that naming a group says little about the label.

    Reweighing (Kamiran and Calders 2012, Data preprocessing techniques for classification without
    discrimination): rows that mention a group weigh as if they were of each class as often as all
    others. A row that mentions several groups takes the factor that is furthest from 1.
    """
    masks = [which for which in group_mentions(texts).values() if which.any()]
    reweighed = weights.copy()
    for column in range(labels.shape[1]):
        factor = np.ones(len(texts), np.float32)
        for inside in masks:
            for value in (0, 1):
                both = inside & (labels[:, column] == value)
                target = _reweighing_factor(weights[:, column], inside, labels[:, column] == value)
                stronger = abs(np.log(target)) > abs(np.log(factor))
                factor = np.where(both & stronger, target, factor)
        reweighed[:, column] *= factor
    return reweighed


def _reweighing_factor(weights: Vector, inside: Mask, of_class: Mask) -> np.float32:
    """Return P(group) P(class) / P(group and class), within bounds."""
    total, both = weights.sum(), weights[inside & of_class].sum()
    if not both:
        return np.float32(1)
    independent = weights[inside].sum() * weights[of_class].sum() / total
    return np.float32(np.clip(independent / both, MIN_FACTOR, MAX_FACTOR))


def bias_metrics(
    members: Mapping[str, Mask], labels: Vector, scores: Vector
) -> dict[str, dict[str, float | None]]:
    """Return for each group its ROC AUC, BPSN AUC and BNSP AUC; None where a class is missing.

    `members` says for each group which rows are about it. BPSN (background positive, subgroup
    negative): other rows' positives against this group's negatives, low when its name alone raises
    scores. BNSP (background negative, subgroup positive): other rows' negatives against its
    positives.
    """
    positive = labels == 1
    figures = {}
    for group, inside in members.items():
        chosen = {
            "subgroup_auc": inside,
            "bpsn_auc": inside ^ positive,
            "bnsp_auc": inside == positive,
        }
        figures[group] = {
            name: metrics.ranking_metrics(labels[which], scores[which])["roc_auc"]
            for name, which in chosen.items()
        }
    return figures
