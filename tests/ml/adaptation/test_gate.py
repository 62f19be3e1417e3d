"""What the gate counts: errors, tallies, and the chance that nothing was gained."""

import numpy as np
import pytest

from ml.adaptation import gate

HOLD_AT = {"SPAM": 0.5, "TOXICITY": 0.8}
LABELS = [{"SPAM": True}, {"SPAM": True}, {"SPAM": False}, {"SPAM": False, "TOXICITY": True}]
ROWS = [{"SPAM": 0.5}, {"SPAM": 0.49}, {"SPAM": 0.9}, {"SPAM": 0.1, "TOXICITY": 0.7}]


def test_missed_harm_and_false_alarms_are_counted_for_each_text() -> None:
    found = gate.errors(LABELS, ROWS, HOLD_AT)
    assert found.misses.tolist() == [0, 1, 0, 1]
    assert found.false_alarms.tolist() == [0, 0, 1, 0]
    assert found.all.tolist() == [0, 1, 1, 1]


def test_what_is_not_scored_or_has_no_threshold_is_no_error() -> None:
    found = gate.errors([{"SPAM": True, "INSULT": True}], [{"INSULT": 0.1}], HOLD_AT)
    assert found.all.tolist() == [0]


def test_a_category_is_tallied_over_the_texts_that_are_labelled_for_it() -> None:
    assert gate.tallies(LABELS, ROWS, HOLD_AT) == {
        "SPAM": gate.CategoryTally(harmful=2, harmless=2, caught=1, false_alarms=1),
        "TOXICITY": gate.CategoryTally(harmful=1, harmless=0, caught=0, false_alarms=0),
    }


@pytest.mark.parametrize(
    ("fixed", "broken", "low", "high"),
    [(20, 0, 0.0, 0.001), (0, 20, 0.999, 1.0), (0, 0, 0.5, 0.5), (5, 5, 0.3, 0.7)],
)
def test_the_chance_of_no_gain_weighs_what_was_fixed_against_what_was_broken(
    fixed: int, broken: int, low: float, high: float
) -> None:
    standing, candidate = np.zeros(100, np.int64), np.zeros(100, np.int64)
    standing[:fixed], candidate[50 : 50 + broken] = 1, 1
    assert low <= gate.chance_of_no_gain(standing, candidate) <= high


def test_one_error_less_is_within_noise() -> None:
    standing, candidate = np.zeros(40, np.int64), np.zeros(40, np.int64)
    standing[0] = 1
    assert gate.chance_of_no_gain(standing, candidate) > 0.05


def test_any_category_holds_a_text() -> None:
    rows = [{"SPAM": 0.5}, {"TOXICITY": 0.79}, {"INSULT": 1.0}]
    assert gate.any_held(rows, HOLD_AT).tolist() == [True, False, False]
