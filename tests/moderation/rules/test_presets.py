"""Presets: what they set, and what they do to scores."""

import pytest

from moderation.models import Policy
from moderation.rules.presets import (
    BALANCED,
    PRESET_FIELDS,
    PRESETS,
    ScoreUse,
    adjusted,
    preset_of,
)
from moderation.rules.verdicts import Category, Reason, Verdict, judge

RECOMMENDED = {
    "SPAM": {"hold_at": 0.5, "reject_at": 0.9},
    "TOXICITY": {"hold_at": 0.5, "reject_at": 1.01},
}
every_preset = pytest.mark.parametrize("name", PRESETS)


class Found:
    """A finding of a score."""

    check_name, reason = "classifier", Reason.SCORE

    def __init__(self, category: str, score: float) -> None:
        self.category, self.score = category, score


def following(name: str) -> Policy:
    policy = Policy()
    policy.follow(PRESETS[name])
    return policy


def verdict(name: str, category: str, score: float) -> Verdict:
    return judge([Found(category, score)], following(name).rules(RECOMMENDED)).verdict


def test_balanced_is_what_a_site_has_by_default() -> None:
    assert Policy().preset == "balanced"
    assert {name: getattr(Policy(), name) for name in PRESET_FIELDS} == BALANCED


@every_preset
def test_a_preset_is_about_policy_fields_and_always_the_same(name: str) -> None:
    assert tuple(PRESETS[name].values) == PRESET_FIELDS
    assert set(PRESET_FIELDS) <= set(Policy.FIELDS)


@every_preset
def test_a_policy_that_follows_a_preset_is_known_by_it(name: str) -> None:
    assert following(name).preset == name


def test_rules_of_ones_own_follow_none() -> None:
    assert preset_of({**BALANCED, "max_links": 9}) == ""


@every_preset
def test_nothing_is_rejected_on_a_score_alone(name: str) -> None:
    rules = following(name).rules(RECOMMENDED)
    for category in Category:
        assert judge([Found(category, 1.0)], rules).verdict is not Verdict.REJECT


@pytest.mark.parametrize(
    ("name", "category", "score", "expected"),
    [
        ("balanced", "TOXICITY", 0.6, Verdict.HOLD),
        ("balanced", "TOXICITY", 0.4, Verdict.APPROVE),
        ("balanced", "SPAM", 0.95, Verdict.SPAM),
        ("strict", "TOXICITY", 0.4, Verdict.HOLD),
        ("strict", "SPAM", 0.85, Verdict.HOLD),
        ("everything_waits", "TOXICITY", 0.0, Verdict.HOLD),
        ("everything_waits", "SPAM", 0.95, Verdict.SPAM),
        ("only_reports", "TOXICITY", 1.0, Verdict.APPROVE),
        ("only_reports", "SPAM", 0.85, Verdict.APPROVE),
        ("only_reports", "SPAM", 0.95, Verdict.SPAM),
    ],
)
def test_each_preset_decides_by_scores_as_it_says(
    name: str, category: str, score: float, expected: Verdict
) -> None:
    assert verdict(name, category, score) is expected


@pytest.mark.parametrize("use", ScoreUse)
def test_what_is_refused_is_never_more_than_was_measured(use: ScoreUse) -> None:
    for category, limits in adjusted(RECOMMENDED, use).items():
        assert limits["reject_at"] >= RECOMMENDED[category]["reject_at"]
        assert limits["hold_at"] <= limits["reject_at"]


def test_an_owners_own_threshold_counts_above_the_use_of_scores() -> None:
    own = {"TOXICITY": {"hold_at": 0.9, "reject_at": 0.95}}
    rules = Policy(score_use="sooner", thresholds=own).rules(RECOMMENDED)
    assert rules.thresholds["TOXICITY"] == (0.9, 0.95)
