"""Whether the rules decide, or the classifier scores, otherwise at a site than they did before.

The newest RECENT screened comments of a site are compared with up to REFERENCE before them: the
shares of verdicts, and for each category the shares of scores in BINS. Told is what is both beyond
noise (a chi-squared test of homogeneity, with P for all comparisons of a site together) and large
(the population stability index, from SHIFT on; 0.2 is what credit scoring acts on). A site that has
too few comments for that is never told: see Siddiqi, "Credit Risk Scorecards" (2006), chapter 9.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from comments.models import Comment, Site
from comments.models.ids import min_id_at
from moderation.models import Decision, DecisionSource, Finding
from moderation.rules.verdicts import Reason, Verdict

RECENT, REFERENCE, LEAST_REFERENCE = 200, 2000, 500
PERIOD = timedelta(days=28)
P, SHIFT = 0.0001, 0.2
BINS = (0.0, 0.05, 0.2, 0.5, 0.8, 1.0)
KINDS = {
    "published": (Verdict.APPROVE,),
    "held": (Verdict.HOLD,),
    "refused": (Verdict.REJECT, Verdict.SPAM),
}


class Drift(NamedTuple):
    """How the newest comments differ from those before: of the verdicts, or a category's scores.

    `before` and `now` are shares, from 0 to 1, by kind of verdict, or by the lower end of
    the score.
    """

    category: str
    before: Mapping[str, float]
    now: Mapping[str, float]
    shift: float


class Screened(NamedTuple):
    """What screening made of one comment: its verdict, and the score of each category."""

    verdict: str
    scores: Mapping[str, float]


def of_site(site: Site, *, now: datetime) -> list[Drift]:
    """Return what has drifted at a site, the verdicts first; nothing where there are too few."""
    screened = _screened(site, now=now)
    return compare(screened[:RECENT], screened[RECENT:])


def compare(recent: Sequence[Screened], before: Sequence[Screened]) -> list[Drift]:
    """Return what differs between the newest comments and those before them."""
    if len(recent) < RECENT or len(before) < LEAST_REFERENCE:
        return []
    categories = sorted({name for row in recent for name in row.scores})
    p = P / (1 + len(categories))
    compared = [_verdicts(recent, before, p)]
    compared += [_scores(recent, before, category, p) for category in categories]
    return [drift for drift in compared if drift]


def _verdicts(recent: Sequence[Screened], before: Sequence[Screened], p: float) -> Drift | None:
    def counts(rows: Sequence[Screened]) -> list[int]:
        by_verdict = Counter(row.verdict for row in rows)
        return [sum(by_verdict[verdict] for verdict in kind) for kind in KINDS.values()]

    return _drift("", list(KINDS), counts(before), counts(recent), p)


def _scores(
    recent: Sequence[Screened], before: Sequence[Screened], category: str, p: float
) -> Drift | None:
    def counts(rows: Sequence[Screened]) -> npt.NDArray[np.int_]:
        scores = [row.scores[category] for row in rows if category in row.scores]
        return np.histogram(scores, BINS)[0]

    earlier, newest = counts(before), counts(recent)
    if earlier.sum() < LEAST_REFERENCE or newest.sum() < RECENT / 2:
        return None
    return _drift(category, [f"{low:g}" for low in BINS[:-1]], earlier, newest, p)


def _drift(
    category: str,
    names: Sequence[str],
    before: Sequence[int] | npt.NDArray[np.int_],
    now: Sequence[int] | npt.NDArray[np.int_],
    p: float,
) -> Drift | None:
    # SciPy's statistics take a second to load, which no other process need spend.
    from scipy.stats import chi2_contingency

    table = np.array([before, now])
    seen = table[:, table.sum(axis=0) > 0]
    if seen.shape[1] < 2 or chi2_contingency(seen).pvalue >= p:
        return None
    # Half a comment in each kind, so that no share is 0.
    shares = (table + 0.5) / (table + 0.5).sum(axis=1, keepdims=True)
    shift = float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
    if shift < SHIFT:
        return None
    plain = table / table.sum(axis=1, keepdims=True)
    earlier, newest = (dict(zip(names, map(float, row), strict=True)) for row in plain)
    return Drift(category, earlier, newest, shift)


def _screened(site: Site, *, now: datetime) -> list[Screened]:
    """Return what screening made of the site's newest comments, the newest first.

    By the first decision about each: one that was screened again counts once.
    """
    newest = Comment.objects.filter(site=site, pk__gte=min_id_at(now - PERIOD)).order_by("-id")
    ids = list(newest.values_list("pk", flat=True)[: RECENT + REFERENCE])
    decisions: dict[UUID, tuple[UUID, str]] = {}
    made = Decision.objects.filter(comment__in=ids, source=DecisionSource.AUTOMATION)
    for comment, pk, verdict in made.order_by("-id").values_list("comment", "id", "verdict"):
        decisions[comment] = (pk, verdict)
    scores: defaultdict[UUID, dict[str, float]] = defaultdict(dict)
    found = Finding.objects.filter(
        decision__in=[pk for pk, _ in decisions.values()], reason=Reason.SCORE
    )
    for decision, category, score in found.values_list("decision", "category", "score"):
        scores[decision][category] = score or 0.0
    return [
        Screened(verdict, scores[pk])
        for pk, verdict in (decisions[comment] for comment in ids if comment in decisions)
    ]
