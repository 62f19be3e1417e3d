"""Score with what a site has learned. Layers are cached by version; a batch costs one query."""

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from comments.models import Site
from moderation.models import LearningState, SiteClassifier
from moderation.screening import classifier
from moderation.screening.classifier import ClassifierInput, Layer, LayerUnusable, Scores

log = logging.getLogger(__name__)


class SiteScores(NamedTuple):
    """Scores that decide, and those of the site's shadow classifier, where it has one."""

    deciding: Scores
    shadow: Scores | None = None


def score(inputs: Sequence[ClassifierInput], *, site: Site) -> SiteScores:
    """Return the scores of the inputs at a site; raise ClassifierAway without a classifier."""
    base = classifier.score(inputs)
    corrected = {
        state: _corrected(inputs, base, classifier_of_site)
        for state, classifier_of_site in _in_use(site, base.classifier_version).items()
    }
    return SiteScores(
        corrected.get(LearningState.STANDING, base), corrected.get(LearningState.SHADOW)
    )


def in_use(site: Site, state: LearningState) -> SiteClassifier | None:
    """Return the site's classifier in this state, if it is for the shipped one in use."""
    found = SiteClassifier.objects.filter(site=site, state=state).first()
    return found if found and found.base_version == base_version() else None


def base_version() -> str:
    """Return the version of the words of the classifier in use: what a layer corrects.

    A layer for another release is not used: it was not measured with this one.
    """
    return _words(classifier.version())


def layer_of(learned: SiteClassifier) -> Layer:
    """Return the layer of a site's classifier; one that can't be read corrects nothing."""
    return _layer(learned.pk)


def _in_use(site: Site, version: str) -> Mapping[str, "_Used"]:
    rows = SiteClassifier.objects.filter(
        site=site,
        state__in=[LearningState.STANDING, LearningState.SHADOW],
        base_version=_words(version),
    )
    return {
        state: _Used(pk, f"{version}+site.{number}")
        for state, pk, number in rows.values_list("state", "pk", "number")
    }


class _Used(NamedTuple):
    pk: UUID
    version: str


def _corrected(inputs: Sequence[ClassifierInput], base: Scores, used: _Used) -> Scores:
    return Scores(used.version, _layer(used.pk).correct(inputs, base.rows))


@lru_cache(maxsize=64)
def _layer(pk: UUID) -> Layer:
    """Return the layer of a site's classifier, which never changes."""
    try:
        return Layer.from_json(SiteClassifier.objects.values_list("layer", flat=True).get(pk=pk))
    except LayerUnusable as error:
        log.error("site classifier %s is not used: %s", pk, error)
        return Layer({}, {})


def _words(version: str) -> str:
    return version.partition("+")[0]
