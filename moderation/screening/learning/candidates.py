"""Learn: fit a candidate on a site's lessons, measure it, and store it with its numbers."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max
from django.utils.translation import gettext

from comments.models import Site
from moderation.models import Label, LearningState, Policy, SiteClassifier
from moderation.rules.learning import LearningMode
from moderation.screening import classifier
from moderation.screening.learning import corrections, dataset, evaluation, promotion, scores
from moderation.screening.learning.dataset import GivenLesson

LEAST_LESSONS = 60
# What the gate says of a site whose givers contradict one another.
CONTRADICTORY = "labels that contradict those of all others: {}"


class NothingToLearn(Exception):
    """Raised when a site has too few lessons, or too few new ones; the message says which."""


def due_sites() -> list[UUID]:
    """Return the sites with enough labels since they last learned."""
    last = dict(SiteClassifier.objects.values_list("site").annotate(Max("created_at")).order_by())
    due = []
    newest = Label.objects.values("site").annotate(Max("created_at")).order_by()
    for row in newest:
        site, at = row["site"], last.get(row["site"])
        labels = Label.objects.filter(site=site)
        new = labels.filter(created_at__gt=at) if at else labels
        texts = new.aggregate(n=Count("text_digest", distinct=True))["n"]
        if texts >= evaluation.LEAST_TESTED:
            due.append(site)
    return due


def learn(site: Site, *, now: datetime) -> SiteClassifier:
    """Fit a candidate, store it with what was measured, and use it where it passes.

    The site's policy says how: in shadow, or for scoring. Raises NothingToLearn or ClassifierAway.
    """
    lessons = dataset.lessons(site)
    policy = Policy.objects.current(site)
    hold_at = _hold_at(policy)
    current = scores.in_use(site, LearningState.STANDING)
    learned, tested = _split(lessons, current)
    calm = dataset.published(site, without={given.digest for given in learned})
    newest = calm[: (len(calm) + 1) // 2]
    layer = classifier.fit_layer(
        [given.lesson for given in learned],
        hold_at=hold_at,
        anchors=[*evaluation.anchors(), *dataset.presumed_harmless(calm[len(newest) :])],
        without=corrections.ignored(policy),
    )
    standing = scores.layer_of(current) if current else evaluation.NOTHING_LEARNED
    measured = evaluation.measure(layer, standing, tested=tested, published=newest, hold_at=hold_at)
    if doubtful := evaluation.suspects(lessons, hold_at=hold_at):
        measured["refusals"].append(CONTRADICTORY.format(", ".join(doubtful)))
    candidate = SiteClassifier.objects.append(
        SiteClassifier(
            site=site,
            state=LearningState.CANDIDATE,
            base_version=scores.base_version(),
            layer=layer.to_json(),
            texts=len(learned),
            learned_until=learned[-1].given_at if learned else now,
            gate=measured | {"against": current.number if current else 0},
            created_at=now,
        )
    )
    if not candidate.refusals:
        promotion.use(candidate, mode=LearningMode(policy.learning), now=now)
    return candidate


def _split(
    lessons: Sequence[GivenLesson], current: SiteClassifier | None
) -> tuple[Sequence[GivenLesson], Sequence[GivenLesson]]:
    """Return the lessons to learn from, and those to measure by. Raises NothingToLearn."""
    known_until = current.learned_until if current else None
    after = bisect_right([g.given_at for g in lessons], known_until) if known_until else 0
    learned, tested = evaluation.split(lessons, after=after)
    if len(lessons) < LEAST_LESSONS or len(tested) < evaluation.LEAST_TESTED:
        raise NothingToLearn(
            gettext(
                "%(texts)s labelled texts, %(tested)s of them new decisions to measure by: at "
                "least %(least_texts)s and %(least_tested)s are needed."
            )
            % {
                "texts": len(lessons),
                "tested": len(tested),
                "least_texts": LEAST_LESSONS,
                "least_tested": evaluation.LEAST_TESTED,
            }
        )
    return learned, tested


def _hold_at(policy: Policy) -> dict[str, float]:
    thresholds = policy.rules(classifier.recommended_thresholds()).thresholds
    return {str(category): limits.hold_at for category, limits in thresholds.items()}
