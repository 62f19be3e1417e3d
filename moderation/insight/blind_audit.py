"""What the blind audit found: how often the rules were wrong where nobody would have looked."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from moderation.insight.precision import wilson
from moderation.models import Decision
from moderation.rules.outcomes import VERDICTS_RESTRICTING
from moderation.rules.verdicts import Verdict

# What the rules had done, with the verdicts by which people call it wrong.
OUTCOMES = {
    "published": ({Verdict.APPROVE}, VERDICTS_RESTRICTING),
    "refused": ({Verdict.REJECT, Verdict.SPAM}, {Verdict.APPROVE}),
    "held": ({Verdict.HOLD}, {Verdict.APPROVE}),
}


def of_rules(reviewed: QuerySet[Decision], sites: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return for each outcome of the rules how often people who saw it blind found it wrong.

    `reviewed` are moderators' decisions that override one of the rules. Who holds it says neither.
    """
    blind = reviewed.filter(
        comment__reviewables__site__in=list(sites),
        comment__reviewables__is_blind=True,
        comment__reviewables__opened_at=F("overrides__decided_at"),
    )
    rows = blind.exclude(verdict=Verdict.HOLD).order_by()
    pairs = Counter(rows.values_list("overrides__verdict", "verdict"))
    return [_row(outcome, pairs) for outcome in OUTCOMES]


def _row(outcome: str, pairs: Counter[tuple[str, str]]) -> dict[str, Any]:
    ours, wrongly = OUTCOMES[outcome]
    seen = {pair: n for pair, n in pairs.items() if pair[0] in ours}
    total = sum(seen.values())
    wrong = sum(n for (_, verdict), n in seen.items() if verdict in wrongly)
    low, high = wilson(wrong, total)
    return {"outcome": outcome, "looked_at": total, "wrong": wrong, "low": low, "high": high}
