"""How often the rules were right to stop a comment, by what they stopped it for, with intervals.

What the classifier's card promised stands beside it: its precision on texts it had not seen, at the
share of harm that the card names. What nobody looked at counts for neither.
"""

from collections import Counter, defaultdict
from math import sqrt
from typing import Any, NamedTuple

from django.db.models import QuerySet

from moderation.models import Decision
from moderation.rules.outcomes import VERDICTS_RESTRICTING
from moderation.rules.verdicts import Verdict
from moderation.screening import classifier

# It is computed from so many decisions, the latest.
MOST_ROWS = 5000
# Of the normal distribution: intervals hold the true share in 95 of 100 cases.
Z = 1.959964


class Interval(NamedTuple):
    """The shares between which the true one lies, 0 to 1."""

    low: float
    high: float


def wilson(hits: int, total: int) -> Interval:
    """Return the 95 % score interval of a share (Wilson 1927); from 0 to 1 where there is none.

    It holds for few rows and for shares near 0 and 1, where the usual one fails.
    """
    if not total:
        return Interval(0.0, 1.0)
    share, z2 = hits / total, Z * Z
    centre = (share + z2 / (2 * total)) / (1 + z2 / total)
    spread = Z * sqrt(share * (1 - share) / total + z2 / (4 * total * total)) / (1 + z2 / total)
    return Interval(max(0.0, round(centre - spread, 4)), min(1.0, round(centre + spread, 4)))


def of_rules(reviewed: QuerySet[Decision]) -> list[dict[str, Any]]:
    """Return for each ground how often moderators refused what the rules held or refused for it.

    `reviewed` are moderators' decisions that override one of the rules. A ground is a category with
    the check that scored it, or a reason; `promised` is None where the card has no number.
    """
    stopped = reviewed.exclude(overrides__verdict=Verdict.APPROVE).exclude(verdict=Verdict.HOLD)
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    rows = stopped.order_by("-id").values_list("verdict", "overrides__grounds")
    for verdict, grounds in rows[:MOST_ROWS]:
        outcome = "refused" if verdict in VERDICTS_RESTRICTING else "approved"
        for ground in {(g["category"] or g["reason"], g.get("check", "")) for g in grounds}:
            counts[ground][outcome] += 1
    promised = classifier.promised_precision()
    by_number = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    return [_row(*ground, count, promised.get(ground[0])) for ground, count in by_number]


def _row(ground: str, source: str, count: Counter[str], promised: float | None) -> dict[str, Any]:
    interval = wilson(count["refused"], count.total())
    return {
        "ground": ground,
        "source": source,
        "refused": count["refused"],
        "approved": count["approved"],
        "precision": round(count["refused"] / count.total(), 4),
        "low": interval.low,
        "high": interval.high,
        "promised": promised,
    }
