"""Score comments: one finding for each category of the classifier."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence

from comments.models import Site
from moderation.models import Finding
from moderation.rules.verdicts import Reason
from moderation.screening import classifier
from moderation.screening.classifier import Scores
from moderation.screening.contract import ScreeningSubject
from moderation.screening.learning import scores as site_scores

log = logging.getLogger(__name__)


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield a SCORE finding for each category, or CLASSIFIER_AWAY.

    Of a classifier in shadow a SHADOW_SCORE for each category, which has its score as evidence.
    """
    by_site: defaultdict[Site, list[ScreeningSubject]] = defaultdict(list)
    for subject in batch:
        by_site[subject.comment.site].append(subject)
    for site, subjects in by_site.items():
        yield from _find(site, subjects)


def _find(
    site: Site, batch: Sequence[ScreeningSubject]
) -> Iterator[tuple[ScreeningSubject, Finding]]:
    inputs = [classifier.classifier_input(s.comment, text=s.text) for s in batch]
    try:
        scored = site_scores.score(inputs, site=site)
    except classifier.ClassifierAway as error:
        log.error("comments are held, since there is no classifier: %s", error)
        for subject in batch:
            yield subject, Finding(check_name="classifier", reason=Reason.CLASSIFIER_AWAY)
        return
    yield from _findings(batch, scored.deciding)
    if scored.shadow:
        yield from _findings(batch, scored.shadow, in_shadow=True)


def _findings(
    batch: Sequence[ScreeningSubject], scores: Scores, *, in_shadow: bool = False
) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield a finding for each score; in shadow as evidence, since what has a score may decide."""
    for subject, row in zip(batch, scores.rows, strict=True):
        for category, score in row.items():
            finding = Finding(
                check_name="classifier",
                reason=Reason.SHADOW_SCORE if in_shadow else Reason.SCORE,
                category=category,
                classifier_version=scores.classifier_version,
            )
            if in_shadow:
                finding.evidence = {"score": score}
            else:
                finding.score = score
            yield subject, finding
