"""Figures of merit, and thresholds that reach their goals."""

from itertools import product

import numpy as np
import pytest

from ml import identities, measures

LABELS = np.array([0.0, 0.0, 1.0, 0.0, 1.0, 1.0])
SCORES = np.array([0.1, 0.2, 0.3, 0.4, 0.8, 0.9])
EVEN = np.ones(6)
GOALS = {"hold_precision": 0.75, "reject_precision": 0.95}
ANY_ALARM = {"hold_false_alarms": 1.0, "reject_false_alarms": 1.0}


def test_a_threshold_has_the_most_recall_at_its_precision() -> None:
    found = measures.thresholds(LABELS, SCORES, EVEN, calm=SCORES[:0], goals={**GOALS, **ANY_ALARM})
    assert found == {"hold_at": 0.3, "reject_at": 0.8}


def test_calm_comments_raise_a_threshold() -> None:
    goals = {**GOALS, "hold_false_alarms": 0.0, "reject_false_alarms": 0.0}
    found = measures.thresholds(LABELS, SCORES, EVEN, calm=np.array([0.85]), goals=goals)
    assert found["hold_at"] == 0.85


def test_a_goal_out_of_reach_catches_nothing() -> None:
    found = measures.thresholds(1 - LABELS, SCORES, EVEN, calm=SCORES, goals={**GOALS, **ANY_ALARM})
    assert found["hold_at"] > 1


def test_precision_is_that_of_the_population() -> None:
    weights = np.where(LABELS == 1, 1.0, 3.0)
    found = measures.at_threshold(LABELS, SCORES, 0.4, weights=weights)
    assert found["precision"] == pytest.approx(2 / 5)
    assert found["recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["false_alarms"] == pytest.approx(1 / 3, abs=1e-4)


def test_honest_scores_have_no_calibration_error() -> None:
    assert measures.calibration_error(LABELS, np.full(6, 0.5)) == 0


def test_intervals_enclose_what_they_are_of() -> None:
    chance = np.random.default_rng(0)
    labels = (chance.random(500) < 0.3).astype(float)
    scores = np.clip(labels * 0.3 + chance.random(500) * 0.7, 0, 1)
    limits = {"hold_at": 0.5, "reject_at": 0.9}
    found = measures.summary(labels, scores, limits, weights=np.ones(500))
    for name in ("roc_auc", "average_precision"):
        low, high = found["intervals"][name]
        assert low < found[name] < high
    low, high = found["intervals"]["hold_at_recall"]
    assert low <= found["hold_at"]["recall"] <= high


def test_of_one_kind_alone_nothing_can_be_ranked() -> None:
    limits = {"hold_at": 0.5}
    found = measures.summary(np.ones(3), SCORES[:3], limits, weights=np.ones(3))
    assert found["roc_auc"] is None
    assert found["intervals"]["roc_auc"] is None
    assert found["hold_at"]["precision"] is None


def test_a_group_whose_name_raises_scores_is_seen() -> None:
    groups = {"these": np.arange(8) < 4, "those": np.arange(8) >= 4}
    labels = np.array([0, 0, 1, 1] * 2, float)
    scores = np.array([0.7, 0.8, 0.9, 0.95, 0.1, 0.2, 0.5, 0.6])
    figures = identities.bias(groups, labels, scores)
    assert figures["these"]["subgroup_auc"] == 1
    assert figures["these"]["bpsn_auc"] == 0
    assert figures["those"]["bpsn_auc"] == 1


def test_what_is_measured_was_not_learned_from() -> None:
    for language, kind in product(identities.LANGUAGES, ("neutral", "hostile")):
        learned = set(identities.templates(language, kind, part=0))
        measured = set(identities.templates(language, kind, part=1))
        assert learned
        assert measured
        assert not learned & measured


def test_it_is_seen_whom_a_text_names() -> None:
    texts = ["My neighbour is GAY.", "He plays the gayageum", "Muslim women vote", "Frauen wählen"]
    found = identities.mentioned(texts)
    assert found["en: gay people"].tolist() == [True, False, False, False]
    assert found["en: Muslims"].tolist() == [False, False, True, False]
    assert found["de: women"].tolist() == [False, False, False, True]


def test_a_group_that_is_mostly_abused_weighs_as_if_it_were_not() -> None:
    texts = ["women"] * 4 + ["weather"] * 4
    labels = np.array([[1], [1], [1], [0], [1], [0], [0], [0]], np.float32)
    changed = identities.evened(texts, labels, np.ones_like(labels))[:, 0]
    assert changed[:3].sum() == pytest.approx(changed[3])
    assert changed[4:].tolist() == [1, 1, 1, 1]


def test_no_weight_is_changed_beyond_its_bounds() -> None:
    texts = ["women"] * 100 + ["weather"] * 900
    labels = np.array([[1]] * 99 + [[0]] * 901, np.float32)
    changed = identities.evened(texts, labels, np.ones_like(labels))
    assert changed.min() == identities.LEAST_FACTOR
    assert changed.max() == identities.MOST_FACTOR


def test_what_is_not_labelled_is_left_as_it_is() -> None:
    labels = np.full((2, 1), np.nan, np.float32)
    assert identities.evened(["women", "x"], labels, np.ones_like(labels)).tolist() == [[1], [1]]


def test_every_group_has_neutral_and_hostile_sentences_in_its_language() -> None:
    rows = list(identities.rows(each=3, seed=1))
    assert {row.subset for row in rows} == {
        f"{lang}: {group}" for lang, group in identities.groups()
    }
    assert not any("{" in row.text for row in rows)
