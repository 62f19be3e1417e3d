"""The only bridge to `ml`: texts in, calibrated scores with the classifier's version out."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypedDict

from django.conf import settings

from comments.models import Comment
from comments.text import readable
from ml import artifact
from ml.adaptation import gate
from ml.adaptation.fit import Lesson
from ml.adaptation.fit import fit as fit_layer
from ml.adaptation.gate import errors
from ml.adaptation.layer import Layer, LayerUnusable, name_of, words_of
from ml.adaptation.regression import anchors as anchor_rows
from ml.adaptation.regression import rows as regression_rows
from ml.adaptation.teaching import doubt, most_instructive
from ml.classifier import Classifier
from ml.context.artifact import Opened, open_classifier
from ml.context.second_reader import TwoReaders
from ml.dataset import Row as ShippedRow
from ml.explain import Explanation
from ml.likeness import letters
from ml.text import normalise

__all__ = [
    "ClassifierAway",
    "ClassifierInput",
    "Layer",
    "LayerUnusable",
    "Lesson",
    "Scores",
    "ShippedRow",
    "ThresholdMeasure",
    "anchor_rows",
    "classifier",
    "classifier_input",
    "doubt",
    "errors",
    "explain",
    "fit_layer",
    "gate",
    "letters",
    "measures",
    "most_instructive",
    "name_of",
    "normalise",
    "promised_precision",
    "recommended_thresholds",
    "regression_rows",
    "score",
    "second_reader_away",
    "version",
    "words_alone",
    "words_of",
]

log = logging.getLogger(__name__)
_only_words: ContextVar[bool] = ContextVar("words_alone", default=False)


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


def classifier() -> Classifier | TwoReaders:
    """Return the classifier in use, cached for each process and version of the artifact.

    With SECOND_READER, it reads a second time what words leave in doubt, if it can, and not within
    `words_alone`. Raises ClassifierAway when there is none, or its artifact fails the integrity
    checks.
    """
    current = _opened().classifier
    return current.words if _only_words.get() and isinstance(current, TwoReaders) else current


@contextmanager
def words_alone() -> Iterator[None]:
    """Score within this block by the words alone, with their thresholds: it takes no time.

    For those who wait for nothing but whether a comment is spam, which is left to the words.
    """
    token = _only_words.set(True)
    try:
        yield
    finally:
        _only_words.reset(token)


def second_reader_away() -> str:
    """Return why the words alone decide although SECOND_READER is on; "" where all is well.

    Raises ClassifierAway when there is no classifier at all.
    """
    return _opened().second_reader_away


def classifier_input(comment: Comment, *, text: str | None = None) -> ClassifierInput:
    """Return the fields of a comment that the classifier reads.

    `text` is its text as a person reads it, where that is known already.
    """
    return {
        "text": readable.of_html(comment.body_html) if text is None else text,
        "author_name": comment.author_name,
        "author_url": comment.author_url,
    }


def score(inputs: Sequence[ClassifierInput]) -> Scores:
    """Return the scores of the inputs; raise ClassifierAway when there is no classifier."""
    current = classifier()
    return Scores(current.version, current.score(inputs))


def explain(
    given: ClassifierInput, category: str = "", *, quickly: bool = False
) -> Mapping[str, Explanation]:
    """Return for each category, or the given one, the words that raise and lower its score.

    Empty for a category that the classifier does not score. The classifier in use may be newer
    than that of an old decision. What the second reader had a say in takes some tenths of a second;
    `quickly` explains what the words alone make of it. Raises ClassifierAway when there is none.
    """
    current = classifier()
    if quickly and isinstance(current, TwoReaders):
        current = current.words
    explained = [known for known in current.categories if category in ("", known)]
    return {known: current.explain(given, known) for known in explained}


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


def promised_precision() -> Mapping[str, float]:
    """Return by category the measured precision of what is held from the recommended score on."""
    try:
        test = classifier().manifest.get("test", {})
    except ClassifierAway:
        return {}
    found = {category: row.get("hold_at", {}).get("precision") for category, row in test.items()}
    return {category: value for category, value in found.items() if value is not None}


def _opened() -> Opened:
    path = Path(settings.CLASSIFIER_DIR) if settings.CLASSIFIER_DIR else artifact.RELEASED
    try:
        changed_at = (path / "manifest.json").stat().st_mtime_ns
        return _load(path, changed_at, second_reader=settings.SECOND_READER)
    except (OSError, artifact.ArtifactError) as error:
        raise ClassifierAway(str(error)) from error


@lru_cache(maxsize=1)
def _load(path: Path, changed_at: int, *, second_reader: bool) -> Opened:
    opened = open_classifier(path, second_reader=second_reader)
    log.info("classifier %s loaded from %s", opened.classifier.version, path)
    if opened.second_reader_away:
        log.warning("there is no second reader: %s", opened.second_reader_away)
    return opened
