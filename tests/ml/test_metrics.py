"""Metrics, thresholds that reach their goals, and bias of groups."""

from itertools import product

import numpy as np
import pytest

from ml import bias, identities, metrics

LABELS = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 1.0])
SCORES = np.array([0.1, 0.2, 0.3, 0.4, 0.8, 0.9])
EVEN = np.ones(6)


def test_a_threshold_has_the_most_recall_at_its_precision() -> None:
    assert metrics.precision_cut(LABELS, SCORES, EVEN, 0.75) == pytest.approx(0.3)


def test_an_unreachable_precision_gives_a_threshold_above_1() -> None:
    assert metrics.precision_cut(1 - LABELS, SCORES, EVEN, 0.9) > 1


def test_a_threshold_lies_above_the_calm_scores_but_for_the_share_allowed() -> None:
    calm = np.linspace(0, 1, 1001)
    cut = metrics.quantile_cut(calm, 0.01)
    assert (calm >= cut).mean() <= 0.01
    assert (calm >= cut - 0.01).mean() > 0.01


def test_precision_is_that_of_the_population() -> None:
    weights = np.where(LABELS == 1, 1.0, 3.0)
    result = metrics.metrics_at_threshold(LABELS, SCORES, 0.4, weights=weights)
    assert result["precision"] == pytest.approx(2 / 5)
    assert result["recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert result["false_alarms"] == pytest.approx(1 / 3, abs=1e-4)


def test_calibrated_scores_have_no_calibration_error() -> None:
    assert metrics.expected_calibration_error(LABELS, np.full(6, 0.5)) == 0


def test_intervals_enclose_their_metric() -> None:
    rng = np.random.default_rng(0)
    labels = (rng.random(500) < 0.3).astype(float)
    scores = np.clip(labels * 0.3 + rng.random(500) * 0.7, 0, 1)
    thresholds = {"hold_at": 0.5, "reject_at": 0.9}
    result = metrics.category_metrics(labels, scores, thresholds, weights=np.ones(500))
    for name in ("roc_auc", "average_precision"):
        low, high = result["intervals"][name]
        assert low < result[name] < high
    low, high = result["intervals"]["hold_at_recall"]
    assert low <= result["hold_at"]["recall"] <= high


def test_metrics_are_none_where_one_class_is_missing() -> None:
    thresholds = {"hold_at": 0.5}
    result = metrics.category_metrics(np.ones(3), SCORES[:3], thresholds, weights=np.ones(3))
    assert result["roc_auc"] is None
    assert result["intervals"]["roc_auc"] is None
    assert result["hold_at"]["precision"] is None


def test_a_group_whose_name_raises_scores_has_a_low_bpsn_auc() -> None:
    groups = {"these": np.arange(8) < 4, "those": np.arange(8) >= 4}
    labels = np.array([0, 0, 1, 1] * 2, float)
    scores = np.array([0.7, 0.8, 0.9, 0.95, 0.1, 0.2, 0.5, 0.6])
    figures = bias.bias_metrics(groups, labels, scores)
    assert figures["these"]["subgroup_auc"] == 1
    assert figures["these"]["bpsn_auc"] == 0
    assert figures["those"]["bpsn_auc"] == 1


def test_held_out_templates_are_not_fitted_on() -> None:
    for language, kind in product(identities.LANGUAGES, ("neutral", "hostile")):
        learned = set(identities.templates(language, kind, held_out=False))
        measured = set(identities.templates(language, kind, held_out=True))
        assert learned
        assert measured
        assert not learned & measured


def test_mentions_of_groups_are_recognised() -> None:
    texts = ["My neighbour is GAY.", "He plays the gayageum", "Muslim women vote", "Frauen wählen"]
    result = identities.group_mentions(texts)
    assert result["en: gay people"].tolist() == [True, False, False, False]
    assert result["en: Muslims"].tolist() == [False, False, True, False]
    assert result["de: women"].tolist() == [False, False, False, True]


def test_reweighing_balances_a_group_that_is_mostly_abused() -> None:
    texts = ["women"] * 4 + ["weather"] * 4
    labels = np.array([[1], [1], [1], [0], [1], [0], [0], [0]], np.float32)
    changed = bias.reweigh(texts, labels, np.ones_like(labels))[:, 0]
    assert changed[:3].sum() == pytest.approx(changed[3])
    assert changed[4:].tolist() == [1, 1, 1, 1]


def test_reweighing_factors_are_bounded() -> None:
    texts = ["women"] * 100 + ["weather"] * 900
    labels = np.array([[1]] * 99 + [[0]] * 901, np.float32)
    changed = bias.reweigh(texts, labels, np.ones_like(labels))
    assert changed.min() == bias.MIN_FACTOR
    assert changed.max() == bias.MAX_FACTOR


def test_rows_without_a_label_keep_their_weight() -> None:
    labels = np.full((2, 1), np.nan, np.float32)
    assert bias.reweigh(["women", "x"], labels, np.ones_like(labels)).tolist() == [[1], [1]]


def test_every_group_has_neutral_and_hostile_sentences_in_its_language() -> None:
    rows = list(identities.rows(per_group=3, seed=1))
    assert {row.subset for row in rows} == {
        f"{lang}: {group}" for lang, group in identities.groups()
    }
    assert not any("{" in row.text for row in rows)
