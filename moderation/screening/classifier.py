"""The only bridge to `ml`: texts in, calibrated scores with the classifier's version out."""

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
    "classifier_input",
    "explain",
    "measures",
    "normalise",
    "recommended_thresholds",
    "score",
    "version",
]

log = logging.getLogger(__name__)


class ClassifierInput(TypedDict):
    """The input of the classifier: the fields of a comment that it reads."""

    text: str
    author_name: str
    author_url: str


class Scores(NamedTuple):
    """One mapping of category to probability (0 to 1) for each input, in their order."""

    classifier_version: str
    rows: Sequence[Mapping[str, float]]


class ThresholdMeasure(NamedTuple):
    """The effect of a threshold: its recall, and the share of calm comments it catches (0 to 1)."""

    recall: float
    calm: float | None


class ClassifierAway(Exception):
    """Raised when no classifier is available; the message says why."""


def classifier() -> Classifier:
    """Return the classifier in use, cached for each process and version of the artifact.

    Raises ClassifierAway when there is none, or its artifact fails the integrity checks.
    """
    path = Path(settings.CLASSIFIER_DIR) if settings.CLASSIFIER_DIR else artifact.RELEASED
    try:
        changed_at = (path / "manifest.json").stat().st_mtime_ns
        return _load(path, changed_at)
    except (OSError, artifact.ArtifactError) as error:
        raise ClassifierAway(str(error)) from error


def classifier_input(comment: Comment) -> ClassifierInput:
    """Return the fields of a comment that the classifier reads."""
    return {
        "text": comment.body,
        "author_name": comment.author_name,
        "author_url": comment.author_url,
    }


def score(inputs: Sequence[ClassifierInput]) -> Scores:
    """Return the scores of the inputs; raise ClassifierAway when there is no classifier."""
    current = classifier()
    return Scores(current.version, current.score(inputs))


def explain(comment: Comment, category: str = "") -> Mapping[str, Explanation]:
    """Return for each category, or the given one, the words that raise and lower a comment's score.

    Empty for a category that the classifier does not score. The classifier in use may be newer
    than that of an old decision. Raises ClassifierAway when there is none.
    """
    current = classifier()
    explained = [known for known in current.categories if category in ("", known)]
    return {known: current.explain(classifier_input(comment), known) for known in explained}


def recommended_thresholds() -> Mapping[str, Mapping[str, float]]:
    """Return the released thresholds: `{category: {"hold_at": …, "reject_at": …}}`.

    Empty while there is no classifier: nothing can be scored then.
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
    """Return the measured effects of the recommended thresholds on the held-out test set.

    `{category: {"hold_at": ThresholdMeasure, "reject_at": …}}`, as far as they were measured.
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
