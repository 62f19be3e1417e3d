"""Calibration: the distribution of scores on a site's own texts, and thresholds for a given share.

Scores of two classifiers are not comparable. A site that comes from another service keeps the share
of comments that a person reviews, and gets the threshold of ours that holds that share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from comments.models import Comment, Site
from comments.text import readable
from moderation.models import Decision, Policy
from moderation.rules.outcomes import (
    STATUSES_HELD_BACK,
    STATUSES_WITHOUT_VERDICT,
    VERDICTS_HOLDING_BACK,
)
from moderation.rules.verdicts import Rules
from moderation.screening import classifier
from moderation.screening.classifier import ClassifierInput
from moderation.screening.learning import scores as site_scores
from moderation.screening.policy.time_budget import TimeBudget, one_at_a_time
from moderation.screening.shadow_comparison import threshold_for

# How many of the newest comments are scored; it takes about a second.
MOST = 2000
# Texts that are scored between two looks at the clock.
AT_ONCE = 100
# Bins of the histogram, over scores from 0 to 1.
STEPS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The distribution of the scores of one category.

    `counts` are numbers of texts in equal bins from 0 to 1. `held` is the share, 0 to 1, that the
    policy holds for this category alone; `matching` the threshold that would hold the target share,
    None where none would.
    """

    category: str
    counts: tuple[int, ...]
    hold_at: float | None
    reject_at: float | None
    held: float
    matching: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The curves of all categories over `texts` texts; `rate` is the target share, 0 to 1."""

    texts: int
    rate: float
    curves: tuple[Curve, ...]


def of_site(
    site: Site, *, rate: float | None = None, budget: TimeBudget | None = None
) -> Calibration:
    """Return the curves over a site's newest comments, as many as the budget has time for.

    Without a `rate`, the target is the share of them that was not published at once, whoever
    decided so. Raises ClassifierAway, or AlreadyRunning.
    """
    with one_at_a_time(site, "calibration"):
        return _of_site(site, rate, budget or TimeBudget())


def _of_site(site: Site, rate: float | None, budget: TimeBudget) -> Calibration:
    refused = Decision.objects.filter(comment=OuterRef("pk"), verdict__in=VERDICTS_HOLDING_BACK)
    decided = Comment.objects.filter(site=site).exclude(status__in=STATUSES_WITHOUT_VERDICT)
    waited = Q(Exists(refused)) | Q(status__in=STATUSES_HELD_BACK)
    newest = decided.annotate(waited=waited).order_by("-id")[:MOST]
    rows = list(newest.values_list("body_html", "author_name", "author_url", "waited"))
    if rate is None:
        rate = sum(waited for *_, waited in rows) / len(rows) if rows else 0.0
    records = [
        ClassifierInput(text=readable.of_html(html), author_name=name, author_url=url)
        for html, name, url, _ in rows
    ]
    return _calibrate(records, site=site, rate=rate, budget=budget)


def of_texts(texts: Sequence[str], *, site: Site, rate: float) -> Calibration:
    """Return the curves over other texts, with a site's thresholds; raise ClassifierAway."""
    records = [
        ClassifierInput(text=readable.of_text(text), author_name="", author_url="")
        for text in texts
    ]
    return _calibrate(records, site=site, rate=rate)


def _calibrate(
    records: Sequence[ClassifierInput],
    *,
    site: Site,
    rate: float,
    budget: TimeBudget | None = None,
) -> Calibration:
    rows = _scores(records, site, budget)
    rules = Policy.objects.current(site).rules(classifier.recommended_thresholds())
    curves = tuple(
        _curve(category, [row[category] for row in rows], rules, rate)
        for category in classifier.classifier().categories
        if rows
    )
    return Calibration(texts=len(rows), rate=rate, curves=curves)


def _scores(
    records: Sequence[ClassifierInput], site: Site, budget: TimeBudget | None
) -> list[Mapping[str, float]]:
    """Return the scores of the records, or of the first of them when the time is over."""
    rows: list[Mapping[str, float]] = []
    for start in range(0, len(records), AT_ONCE):
        if budget and budget.is_spent():
            break
        part = records[start : start + AT_ONCE]
        rows += site_scores.score(part, site=site).deciding.rows
    return rows


def _curve(category: str, scores: Sequence[float], rules: Rules, rate: float) -> Curve:
    counts = [0] * STEPS
    for score in scores:
        counts[min(int(score * STEPS), STEPS - 1)] += 1
    threshold = rules.thresholds.get(category)
    held = sum(score >= threshold.hold_at for score in scores) if threshold else 0
    return Curve(
        category=category,
        counts=tuple(counts),
        hold_at=threshold.hold_at if threshold else None,
        reject_at=threshold.reject_at if threshold else None,
        held=held / len(scores),
        matching=threshold_for(scores, share=rate),
    )
