"""Calibrating: how our scores lie on a site's own texts, and where a threshold would hold as many.

Numbers of one classifier mean nothing to another: who comes from another service keeps the share of
comments that a person looks at, and looks up which of our scores that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from comments.models import Comment, Site, Status
from moderation.models import Decision, Policy
from moderation.rules.verdicts import Rules, Verdict
from moderation.screening import classifier
from moderation.screening.classifier import ClassifierInput
from moderation.screening.shadow_comparison import threshold_for

# The newest comments tell of the present; so many are scored in about a second.
MOST = 2000
# Steps of the score, from 0 to 1, in which texts are counted.
STEPS = 25
REFUSING = (Verdict.HOLD, Verdict.REJECT, Verdict.SPAM)
REFUSED = (Status.HELD, Status.REJECTED, Status.SPAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How the scores of one category lie.

    `counts` are texts by score, in equal steps from 0 to 1. `held` is the share, 0 to 1, that the
    house rules would hold for this category alone; `matching` the score from which the wanted share
    would be, None where that is nobody.
    """

    category: str
    counts: tuple[int, ...]
    hold_at: float | None
    reject_at: float | None
    held: float
    matching: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The curves of all categories over `texts` texts, for a wanted share of held ones, 0 to 1."""

    texts: int
    rate: float
    curves: tuple[Curve, ...]


def of_site(site: Site, *, rate: float | None = None) -> Calibration:
    """Return the curves over a site's newest comments.

    Without a `rate`, the share of them that was not published at once is wanted, whoever decided
    so. Raises ClassifierAway.
    """
    refused = Decision.objects.filter(comment=OuterRef("pk"), verdict__in=REFUSING)
    decided = Comment.objects.filter(site=site).exclude(status__in=(Status.PENDING, Status.DELETED))
    waited = Q(Exists(refused)) | Q(status__in=REFUSED)
    newest = decided.annotate(waited=waited).order_by("-id")[:MOST]
    told = list(newest.values_list("body", "author_name", "author_url", "waited"))
    if rate is None:
        rate = sum(waited for *_, waited in told) / len(told) if told else 0.0
    records = [
        ClassifierInput(text=text, author_name=name, author_url=url) for text, name, url, _ in told
    ]
    return _calibrate(records, site=site, rate=rate)


def of_texts(texts: Sequence[str], *, site: Site, rate: float) -> Calibration:
    """Return the curves over texts from elsewhere, by a site's rules; raise ClassifierAway."""
    records = [ClassifierInput(text=text, author_name="", author_url="") for text in texts]
    return _calibrate(records, site=site, rate=rate)


def _calibrate(records: Sequence[ClassifierInput], *, site: Site, rate: float) -> Calibration:
    rows = classifier.score(records).rows if records else []
    rules = Policy.objects.current(site).rules(classifier.recommended_thresholds())
    curves = tuple(
        _curve(category, [row[category] for row in rows], rules, rate)
        for category in classifier.classifier().categories
        if rows
    )
    return Calibration(texts=len(records), rate=rate, curves=curves)


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
