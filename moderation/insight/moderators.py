"""What moderators decided in a period: how much each of them, and how often as the rules had."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from comments.models import User
from moderation.insight.groups import Group
from moderation.models import DecisionSource
from moderation.rules.outcomes import VERDICTS_RESTRICTING
from moderation.rules.verdicts import Verdict

MEASURES = ("decisions", "approved", "refused", "undone")


class DecisionGroup(NamedTuple):
    """A number of moderators' decisions that are alike, and override decisions that are alike.

    `moderator` is an address; None where the account is gone.
    """

    moderator: str | None
    verdict: str
    overridden_source: str | None
    overridden_verdict: str | None
    is_undone: bool | None
    number: int


def named(counts: Mapping[Group, int]) -> list[DecisionGroup]:
    """Return the groups of CountKind.BY_PEOPLE with the addresses of the moderators."""
    people = User.objects.in_bulk({pk for pk, *_ in counts if pk is not None})
    return [
        DecisionGroup(people[pk].email if pk in people else None, *(*alike, number))
        for (pk, *alike), number in counts.items()
    ]


def load(groups: Iterable[DecisionGroup]) -> list[dict[str, Any]]:
    """Return the number of decisions of each moderator, by MEASURES, the busiest first."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for group in groups:
        if group.moderator is not None:
            counts[group.moderator].update(dict.fromkeys(_measures(group), group.number))
    rows = [
        {"moderator": moderator, **{measure: count[measure] for measure in MEASURES}}
        for moderator, count in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row["decisions"], row["moderator"]))


def _measures(group: DecisionGroup) -> Iterable[str]:
    yield "decisions"
    if group.verdict == Verdict.APPROVE:
        yield "approved"
    if group.verdict in VERDICTS_RESTRICTING:
        yield "refused"
    if group.is_undone:
        yield "undone"


def agreement(groups: Iterable[DecisionGroup]) -> dict[str, int]:
    """Return how often moderators confirmed a decision of the rules, and how often not.

    Held comments count as neither.
    """
    numbers = {"confirmed": 0, "changed": 0}
    for group in groups:
        is_verdict = group.overridden_verdict != Verdict.HOLD
        if group.overridden_source == DecisionSource.AUTOMATION and is_verdict:
            is_same = group.verdict == group.overridden_verdict
            numbers["confirmed" if is_same else "changed"] += group.number
    return numbers
