from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.rules.verdicts import (
    SEVERITY,
    SPAM_SIGNS,
    Category,
    ConfirmEmail,
    Reason,
    Rules,
    Threshold,
    Verdict,
    judge,
)


class Found(NamedTuple):
    reason: str
    category: str = ""
    score: float | None = None
    check_name: str = "a check"


RULES = Rules(thresholds={"SPAM": Threshold(0.5, 0.9), "TOXICITY": Threshold(0.5, 0.9)})


def scored(category: str, score: float) -> Found:
    return Found(Reason.SCORE, category, score)


@pytest.mark.parametrize(
    ("finding", "verdict"),
    [
        (scored("TOXICITY", 0.49), Verdict.APPROVE),
        (scored("TOXICITY", 0.5), Verdict.HOLD),
        (scored("TOXICITY", 0.9), Verdict.REJECT),
        (scored("SPAM", 0.5), Verdict.HOLD),
        (scored("SPAM", 0.9), Verdict.SPAM),
        (scored("PROFANITY", 1.0), Verdict.APPROVE),
        (Found(Reason.DECOY_FILLED), Verdict.HOLD),
        (Found(Reason.FORM_TOKEN_EXPIRED), Verdict.HOLD),
        (Found(Reason.BANNED), Verdict.REJECT),
        (Found(Reason.HAS_LINKS), Verdict.APPROVE),
        (Found(Reason.FIRST_COMMENT), Verdict.APPROVE),
        (Found(Reason.CLASSIFIER_AWAY), Verdict.HOLD),
    ],
)
def test_each_finding_calls_for_its_verdict(finding: Found, verdict: Verdict) -> None:
    assert judge([finding], RULES).verdict == verdict


def test_the_gravest_call_wins_and_the_others_are_told_too() -> None:
    judgement = judge([scored("TOXICITY", 0.6), Found(Reason.FORM_TOO_FAST)], RULES)
    assert judgement.verdict == Verdict.SPAM
    assert [ground.verdict for ground in judgement.grounds] == [Verdict.SPAM, Verdict.HOLD]


@pytest.mark.parametrize(
    "calm",
    [
        scored("SPAM", 0.49),
        scored("TOXICITY", 0.6),
        Found(Reason.HAS_LINKS),
        Found(Reason.FIRST_COMMENT),
        Found(Reason.FORM_TOKEN_EXPIRED),
        Found(Reason.ADDRESS_UNCONFIRMED),
    ],
)
def test_a_filled_decoy_is_never_spam_on_that_alone(calm: Found) -> None:
    judgement = judge([Found(Reason.DECOY_FILLED), calm], RULES)
    assert judgement.verdict == Verdict.HOLD
    assert Reason.DECOY_FILLED in {ground.reason for ground in judgement.grounds}


@pytest.mark.parametrize(
    "sign", [scored("SPAM", 0.5), *(Found(reason) for reason in sorted(SPAM_SIGNS))]
)
def test_a_filled_decoy_beside_a_sign_of_spam_is_spam(sign: Found) -> None:
    judgement = judge([Found(Reason.DECOY_FILLED), sign], RULES)
    assert judgement.verdict == Verdict.SPAM
    assert judgement.grounds[0].verdict == Verdict.SPAM


def test_the_ground_names_the_line_of_the_policy() -> None:
    (ground,) = judge([scored("TOXICITY", 0.93)], RULES).grounds
    assert ground.line == "TOXICITY 0.93, rejected from 0.90"


def test_the_ground_names_the_finding_that_called_for_it() -> None:
    (ground,) = judge([Found(Reason.SCORE, "SPAM", 0.5, "classifier")], RULES).grounds
    assert (ground.check, ground.reason, ground.category) == ("classifier", "score", "SPAM")


@pytest.mark.parametrize(
    ("reason", "rules", "line"),
    [
        (Reason.FIRST_COMMENT, Rules(hold_first_comment=True), "hold_first_comment"),
        (Reason.ADDRESS_UNCONFIRMED, Rules(confirm_email=ConfirmEmail.FIRST), "confirm_email"),
    ],
)
def test_what_a_site_chooses_to_hold_is_held_by_that_line(
    reason: Reason, rules: Rules, line: str
) -> None:
    judgement = judge([Found(reason)], rules)
    assert judgement.verdict == Verdict.HOLD
    assert [ground.line for ground in judgement.grounds] == [line]
    assert judge([Found(reason)], RULES).verdict == Verdict.APPROVE


@pytest.mark.parametrize(
    "rules", [Rules(hold_first_comment=True), Rules(confirm_email=ConfirmEmail.FIRST)]
)
def test_what_a_site_chooses_to_hold_says_nothing_about_other_findings(rules: Rules) -> None:
    assert judge([Found(Reason.KNOWN_AUTHOR)], rules).verdict == Verdict.APPROVE


def test_trust_outweighs_a_doubtful_score() -> None:
    findings = [scored("TOXICITY", 0.6), Found(Reason.TRUSTED_AUTHOR)]
    assert judge(findings, RULES).verdict == Verdict.APPROVE


def test_trust_does_not_outweigh_a_held_word() -> None:
    findings = [Found(Reason.HELD_WORD), Found(Reason.TRUSTED_AUTHOR)]
    assert judge(findings, RULES).verdict == Verdict.HOLD


def test_trust_counts_for_nothing_where_the_site_says_so() -> None:
    findings = [scored("TOXICITY", 0.6), Found(Reason.TRUSTED_AUTHOR)]
    rules = Rules(thresholds=RULES.thresholds, publish_trusted=False)
    assert judge(findings, rules).verdict == Verdict.HOLD


found = st.builds(
    Found,
    reason=st.sampled_from([reason for reason in Reason if reason is not Reason.TRUSTED_AUTHOR]),
    category=st.sampled_from([*Category]),
    score=st.none() | st.floats(0, 1),
)


@given(st.lists(found), found)
def test_one_more_finding_never_makes_the_verdict_milder(findings: list, more: Found) -> None:
    before, after = judge(findings, RULES), judge([*findings, more], RULES)
    assert SEVERITY[after.verdict] >= SEVERITY[before.verdict]


everything = st.one_of(found, st.just(Found(Reason.TRUSTED_AUTHOR)))
probability = st.floats(0, 1)


@given(st.lists(found))
def test_trust_never_makes_the_verdict_graver(findings: list) -> None:
    trusted = judge([*findings, Found(Reason.TRUSTED_AUTHOR)], RULES)
    assert SEVERITY[trusted.verdict] <= SEVERITY[judge(findings, RULES).verdict]


def test_a_decoy_beside_a_waived_sign_of_spam_is_spam_all_the_same() -> None:
    reasons = (Reason.DECOY_FILLED, Reason.REPEATED, Reason.TRUSTED_AUTHOR)
    assert judge(list(map(Found, reasons)), RULES).verdict == Verdict.SPAM


@given(st.lists(found))
def test_trust_takes_back_no_more_than_a_hold(findings: list) -> None:
    before = judge(findings, RULES).verdict
    after = judge([*findings, Found(Reason.TRUSTED_AUTHOR)], RULES).verdict
    assert after == before or before == Verdict.HOLD


@given(st.lists(everything), everything)
def test_beside_trust_too_one_more_finding_never_makes_it_milder(
    findings: list, more: Found
) -> None:
    trusted = [Found(Reason.TRUSTED_AUTHOR), *findings]
    before, after = judge(trusted, RULES), judge([*trusted, more], RULES)
    assert SEVERITY[after.verdict] >= SEVERITY[before.verdict]


@given(st.lists(everything))
def test_the_verdict_is_that_of_the_gravest_ground(findings: list) -> None:
    judgement = judge(findings, RULES)
    gravest = max((ground.verdict for ground in judgement.grounds), key=SEVERITY.get, default=None)
    assert judgement.verdict == (gravest or Verdict.APPROVE)


@given(st.sampled_from([*Category]), probability, probability, probability)
def test_a_score_counts_from_the_threshold_on(
    category: Category, score: float, one: float, other: float
) -> None:
    hold_at, reject_at = sorted([one, other])
    rules = Rules(thresholds={category: Threshold(hold_at, reject_at)})
    refused = Verdict.SPAM if category is Category.SPAM else Verdict.REJECT
    held = Verdict.HOLD if score >= hold_at else Verdict.APPROVE
    expected = refused if score >= reject_at else held
    assert judge([scored(category, score)], rules).verdict == expected


@given(st.sampled_from([*Category]), probability)
def test_a_score_at_the_very_threshold_counts(category: Category, at: float) -> None:
    holding = Rules(thresholds={category: Threshold(at, 2.0)})
    assert judge([scored(category, at)], holding).verdict == Verdict.HOLD
    refusing = Rules(thresholds={category: Threshold(at, at)})
    assert judge([scored(category, at)], refusing).verdict in (Verdict.SPAM, Verdict.REJECT)


@given(st.lists(everything))
def test_the_order_of_findings_does_not_matter(findings: list) -> None:
    assert judge(findings, RULES).verdict == judge(findings[::-1], RULES).verdict


def test_where_everything_waits_trust_publishes_nothing() -> None:
    judgement = judge([Found(Reason.TRUSTED_AUTHOR)], replace(RULES, hold_all=True))
    assert judgement.verdict is Verdict.HOLD
    assert [ground.line for ground in judgement.grounds] == ["hold_all"]


def test_where_everything_waits_spam_is_still_spam() -> None:
    rules = replace(RULES, hold_all=True)
    assert judge([scored("SPAM", 0.95)], rules).verdict is Verdict.SPAM


@pytest.mark.parametrize("hold_guests", [True, False])
def test_guests_wait_where_the_rules_say_so(hold_guests: bool) -> None:
    judgement = judge([Found(Reason.GUEST)], replace(RULES, hold_guests=hold_guests))
    assert (judgement.verdict is Verdict.HOLD) is hold_guests


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        (Reason.FIRST_COMMENT, Verdict.HOLD),
        (Reason.KNOWN_AUTHOR, Verdict.APPROVE),
        (Reason.TRUSTED_AUTHOR, Verdict.APPROVE),
        (Reason.NO_CHALLENGE, Verdict.HOLD),
    ],
)
def test_in_a_flood_new_authors_wait_and_whom_nothing_could_be_asked(
    reason: Reason, verdict: Verdict
) -> None:
    assert judge([Found(reason)], replace(RULES, in_flood=True)).verdict == verdict
    assert judge([Found(reason)], RULES).verdict == Verdict.APPROVE


def test_a_flood_takes_no_refusal_back() -> None:
    findings = [Found(Reason.FIRST_COMMENT), Found(Reason.BANNED)]
    assert judge(findings, replace(RULES, in_flood=True)).verdict == Verdict.REJECT
