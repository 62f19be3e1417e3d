"""Thresholds by the blind audit: from which score holding would have cost people the least.

Who looked did not see the scores, and each comment stands for as many as its lot was drawn from, so
the sample is of all comments (Horvitz and Thompson 1952). A comment that is held costs the seconds
to decide about it, a harmful one that is not those to find it and take it down.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.db.models import F

from comments.models import Site
from moderation.models import Decision, DecisionSource, Policy
from moderation.rules.causes import lessons
from moderation.rules.verdicts import Reason, Verdict
from moderation.screening import classifier
from moderation.screening.blind_audit import HELD_PERCENT

SECONDS_HELD, SECONDS_MISSED = 10, 60
# So many audited comments are needed, and so many of them harmful and harmless.
LEAST_TEXTS, LEAST_OF_EACH = 100, 8
MOST_ROWS = 5000
# A threshold is suggested where the chance that it saves nothing is at most this.
MAX_CHANCE = 0.05
# None is suggested below, where nearly everything would wait.
STEPS = tuple(float(step) for step in np.round(np.arange(0.05, 1.0, 0.05), 2))


class Audited(NamedTuple):
    """The score of an audited comment in one category, and what people found."""

    score: float
    harmful: bool
    weight: float


class Suggestion(NamedTuple):
    """A threshold that would have cost less time; minutes and shares are of 1,000 comments."""

    category: str
    texts: int
    hold_at: float
    suggested: float
    minutes_saved: float
    held: tuple[float, float]
    missed: tuple[float, float]


def of_site(site: Site) -> list[Suggestion]:
    """Return for each category of which enough was audited a better threshold, if there is one."""
    policy = Policy.objects.current(site)
    thresholds = policy.rules(classifier.recommended_thresholds()).thresholds
    rows = _audited(site, policy)
    found = (
        suggest(category, rows[category], limits.hold_at)
        for category, limits in thresholds.items()
        if category in rows
    )
    return [suggestion for suggestion in found if suggestion]


def suggest(category: str, rows: Sequence[Audited], hold_at: float) -> Suggestion | None:
    """Return the threshold that costs least; None where none is better beyond noise."""
    harmful = sum(row.harmful for row in rows)
    if len(rows) < LEAST_TEXTS or min(harmful, len(rows) - harmful) < LEAST_OF_EACH:
        return None
    best = min(STEPS, key=lambda limit: float(_costs(rows, limit).sum()))
    now, then = _costs(rows, hold_at), _costs(rows, best)
    if now.sum() <= then.sum() or classifier.gate.chance_of_no_gain(now, then) > MAX_CHANCE:
        return None
    per_thousand = 1000 / sum(row.weight for row in rows)
    return Suggestion(
        category,
        len(rows),
        hold_at,
        best,
        float(now.sum() - then.sum()) / 60 * per_thousand,
        (_held(rows, hold_at) * per_thousand, _held(rows, best) * per_thousand),
        (_missed(rows, hold_at) * per_thousand, _missed(rows, best) * per_thousand),
    )


def _costs(rows: Sequence[Audited], limit: float) -> npt.NDArray[np.int64]:
    """Return the seconds that each comment costs, for all that it stands for."""
    seconds = [
        row.weight * (SECONDS_HELD if row.score >= limit else SECONDS_MISSED if row.harmful else 0)
        for row in rows
    ]
    return np.round(seconds).astype(np.int64)


def _held(rows: Sequence[Audited], limit: float) -> float:
    return sum(row.weight for row in rows if row.score >= limit)


def _missed(rows: Sequence[Audited], limit: float) -> float:
    return sum(row.weight for row in rows if row.harmful and row.score < limit)


def _audited(site: Site, policy: Policy) -> Mapping[str, list[Audited]]:
    """Return by category what people decided about what they saw blind."""
    decided = Decision.objects.effective().filter(
        comment__site=site,
        source=DecisionSource.MODERATOR,
        undoes=False,
        overrides__source=DecisionSource.AUTOMATION,
        comment__reviewables__is_blind=True,
        comment__reviewables__opened_at=F("overrides__decided_at"),
    )
    newest = decided.select_related("overrides").prefetch_related("overrides__findings")
    rows: defaultdict[str, list[Audited]] = defaultdict(list)
    for decision in newest.order_by("-id")[:MOST_ROWS]:
        screened = decision.overrides
        if screened is None:
            continue
        is_held = screened.verdict == Verdict.HOLD
        percent = HELD_PERCENT if is_held else policy.audit_percent or 1
        known = lessons(decision.verdict, decision.cause)
        for finding in screened.findings.all():
            if finding.reason == Reason.SCORE and finding.score is not None:
                label = next((v for c, v in known.items() if c == finding.category), None)
                if label is not None:
                    rows[finding.category].append(Audited(finding.score, label, 100 / percent))
    return rows
