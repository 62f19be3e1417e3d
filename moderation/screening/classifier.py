"""The one bridge to the classifier: texts in, calibrated scores out, stamped with its version."""

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypedDict

from django.conf import settings

from comments.models import Comment
from ml import artifact
from ml.classifier import Classifier
from ml.explain import Explanation
from ml.text import normalise

__all__ = [
    "ClassifierAway",
    "ClassifierInput",
    "Scores",
    "ThresholdMeasure",
    "classifier",
    "explain",
    "measures",
    "normalise",
    "recommended_thresholds",
    "record",
    "score",
    "version",
]

log = logging.getLogger(__name__)


class ClassifierInput(TypedDict):
    """What the classifier reads of a comment."""

    text: str
    author_name: str
    author_url: str


class Scores(NamedTuple):
    """One mapping of category to probability (0 to 1) for each record, in their order."""

    classifier_version: str
    rows: Sequence[Mapping[str, float]]


class ThresholdMeasure(NamedTuple):
    """What a threshold does: the share of such comments that it catches, and of calm ones."""

    recall: float
    calm: float | None


class ClassifierAway(Exception):
    """There is no classifier to ask; the message says why."""


def classifier() -> Classifier:
    """Return the classifier in use, loaded once for each process and released artifact.

    Raises ClassifierAway when there is none that may be trusted.
    """
    path = Path(settings.CLASSIFIER_DIR) if settings.CLASSIFIER_DIR else artifact.RELEASED
    try:
        changed_at = (path / "manifest.json").stat().st_mtime_ns
        return _load(path, changed_at)
    except (OSError, artifact.ArtifactError) as error:
        raise ClassifierAway(str(error)) from error


def record(comment: Comment) -> ClassifierInput:
    """Return what the classifier reads of a comment."""
    return {
        "text": comment.body,
        "author_name": comment.author_name,
        "author_url": comment.author_url,
    }


def score(records: Sequence[ClassifierInput]) -> Scores:
    """Return the scores of the records; raise ClassifierAway when there is no classifier."""
    current = classifier()
    return Scores(current.version, current.score(records))


def explain(comment: Comment, category: str = "") -> Mapping[str, Explanation]:
    """Return for each category which words of a comment raise and lower its score, and by how much.

    Given a category, for that one only; nothing for one that the classifier does not score. It
    tells of the classifier in use, which may be a newer one than that of an old decision. Raises
    ClassifierAway when there is none.
    """
    current = classifier()
    asked = [known for known in current.categories if category in ("", known)]
    return {known: current.explain(record(comment), known) for known in asked}


def recommended_thresholds() -> Mapping[str, Mapping[str, float]]:
    """Return `{category: {"hold_at": …, "reject_at": …}}` as the classifier came with it.

    It is empty while there is no classifier: nothing can be scored then.
    """
    try:
        return classifier().thresholds
    except ClassifierAway:
        return {}


def version() -> str:
    """Return the version of the classifier in use; "" while there is none."""
    try:
        return classifier().version
    except ClassifierAway:
        return ""


def measures() -> Mapping[str, Mapping[str, ThresholdMeasure]]:
    """Return what the recommended thresholds did on texts that were kept apart.

    `{category: {"hold_at": Measure, "reject_at": Measure}}`, as far as it was measured.
    """
    try:
        manifest = classifier().manifest
    except ClassifierAway:
        return {}
    return {
        category: {
            limit: ThresholdMeasure(caught[limit]["recall"], calm.get(category, {}).get(limit))
            for limit in ("hold_at", "reject_at")
            if caught.get(limit, {}).get("recall") is not None
        }
        for category, caught in manifest.get("test", {}).items()
        for calm in [manifest.get("calm_caught", {})]
    }


@lru_cache(maxsize=1)
def _load(path: Path, changed_at: int) -> Classifier:
    loaded = artifact.load(path)
    log.info("classifier %s loaded from %s", loaded.version, path)
    return loaded
