"""Sets of verdicts and statuses hold what the model of comments knows."""

import pytest

from comments.models import Status
from comments.models.comment import EDITABLE_STATUSES
from moderation.rules import outcomes
from moderation.rules.verdicts import Verdict

STATUSES = {name: set(getattr(outcomes, name)) for name in dir(outcomes) if "STATUSES_" in name}


@pytest.mark.parametrize("name", STATUSES)
def test_a_set_of_statuses_holds_statuses_of_comments(name: str) -> None:
    assert STATUSES[name]
    assert STATUSES[name] <= set(Status.values)


def test_each_set_of_statuses_is_another() -> None:
    differing = {frozenset(statuses) for statuses in STATUSES.values()}
    assert len(differing) == len(STATUSES)


def test_each_verdict_leads_to_a_status_of_its_own() -> None:
    assert set(outcomes.STATUS_OF_VERDICT) == set(Verdict)
    assert set(outcomes.STATUS_OF_VERDICT.values()) == set(Status.values) - {Status.PENDING}


@pytest.mark.parametrize(
    ("verdicts", "statuses"),
    [
        (outcomes.VERDICTS_REFUSING, outcomes.STATUSES_REFUSED),
        (outcomes.VERDICTS_HOLDING_BACK, outcomes.STATUSES_HELD_BACK),
    ],
)
def test_verdicts_and_statuses_of_one_meaning_agree(verdicts: set, statuses: set) -> None:
    assert {outcomes.STATUS_OF_VERDICT[verdict] for verdict in verdicts} == statuses


def test_an_author_may_edit_what_is_not_refused() -> None:
    assert set(EDITABLE_STATUSES) == outcomes.STATUSES_NOT_REFUSED


def test_refusing_restricts_and_restricting_never_publishes() -> None:
    assert outcomes.VERDICTS_REFUSING < outcomes.VERDICTS_RESTRICTING
    assert not outcomes.VERDICTS_RESTRICTING & outcomes.VERDICTS_OPEN_TO_PUBLICATION
