"""Drifts in words, for mails and messengers."""

from collections.abc import Sequence

from moderation.insight.drift import RECENT, Drift
from moderation.rules.verdicts import Category


def sentences(drifts: Sequence[Drift]) -> list[str]:
    """Return a sentence for each: "Of the newest 200 comments the rules held 31 %, before 6 %."."""
    return [_verdicts(drift) if not drift.category else _scores(drift) for drift in drifts]


def _verdicts(drift: Drift) -> str:
    shares = [
        f"{kind} {100 * share:.0f} % (before {100 * drift.before[kind]:.0f} %)"
        for kind, share in drift.now.items()
    ]
    return f"Of the newest {RECENT} comments the rules {', '.join(shares)}."


def _scores(drift: Drift) -> str:
    name = Category(drift.category).replace("_", " ").lower()
    ends = list(drift.now)
    # Of the bins the one whose share has changed most.
    low = max(ends, key=lambda end: abs(drift.now[end] - drift.before[end]))
    high = ends[ends.index(low) + 1] if low != ends[-1] else "1"
    return (
        f"Scores for {name} have changed: {100 * drift.now[low]:.0f} % of the newest {RECENT} "
        f"comments are between {float(low):.0%} and {float(high):.0%}, "
        f"before {100 * drift.before[low]:.0f} %."
    )
