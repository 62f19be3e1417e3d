"""Score comments: one finding for each category of the classifier."""

import logging
from collections.abc import Iterator, Sequence

from moderation.models import Finding
from moderation.rules.verdicts import Reason
from moderation.screening import classifier
from moderation.screening.contract import ScreeningSubject

log = logging.getLogger(__name__)


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield a SCORE finding for each category, or CLASSIFIER_AWAY."""
    try:
        scores = classifier.score(
            [classifier.classifier_input(subject.comment) for subject in batch]
        )
    except classifier.ClassifierAway as error:
        log.error("comments are held, since there is no classifier: %s", error)
        for subject in batch:
            yield subject, Finding(check_name="classifier", reason=Reason.CLASSIFIER_AWAY)
        return
    for subject, row in zip(batch, scores.rows, strict=True):
        for category, score in row.items():
            yield (
                subject,
                Finding(
                    check_name="classifier",
                    reason=Reason.SCORE,
                    category=category,
                    score=score,
                    classifier_version=scores.classifier_version,
                ),
            )
