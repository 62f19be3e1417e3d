from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.rules.verdicts import SEVERITY, Category, Reason, Rules, Threshold, Verdict, judge


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
        (Found(Reason.DECOY_FILLED), Verdict.SPAM),
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
    judgement = judge([scored("TOXICITY", 0.6), Found(Reason.DECOY_FILLED)], RULES)
    assert judgement.verdict == Verdict.SPAM
    assert [ground.verdict for ground in judgement.grounds] == [Verdict.SPAM, Verdict.HOLD]


def test_the_ground_names_the_line_of_the_policy() -> None:
    (ground,) = judge([scored("TOXICITY", 0.93)], RULES).grounds
    assert ground.line == "TOXICITY 0.93, rejected from 0.90"


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


@given(st.lists(found))
def test_the_order_of_findings_does_not_matter(findings: list) -> None:
    assert judge(findings, RULES).verdict == judge(findings[::-1], RULES).verdict
