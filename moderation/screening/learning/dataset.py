"""Read a site's labels as lessons: one for each text, no more of one giver than counts."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from comments.models import Comment, Site, Status
from comments.models.comment import text_digest
from moderation.models import Label, LabelSource
from moderation.rules.verdicts import Category
from moderation.screening import classifier
from moderation.screening.classifier import ClassifierInput, Lesson

# The newest texts that are learned from, and how many of a day one person or key may give: what
# somebody does in haste, or with a stolen key, must not outweigh all others.
MAX_TEXTS, MAX_OF_A_DAY = 10_000, 200
MAX_CATEGORIES = 8
# So many of the newest published comments are read: false alarms are counted on the newer half, and
# the older half is presumed harmless at this weight.
PUBLISHED, PRESUMED_WEIGHT = 1000, 0.3


class GivenLesson(NamedTuple):
    """A lesson with who gave it (a person or a key), when, and whether that was a moderator."""

    lesson: Lesson
    giver: str
    given_at: datetime
    by_moderator: bool
    digest: str


def lessons(site: Site) -> list[GivenLesson]:
    """Return the newest lessons of a site, the oldest of them first.

    Of several labels of a text those of the latest moderator count, else of the latest key. Labels
    by a revoked key count no more. Raises ClassifierAway.
    """
    chosen = _chosen(site)
    labels: dict[tuple[str, object], dict[str, bool]] = {}
    for label in _labels(site):
        labels.setdefault((label.text_digest, _origin(label)), {})[label.category] = label.value
    inputs = [_input(label) for label in chosen]
    rows = classifier.score(inputs).rows
    return [
        GivenLesson(
            Lesson(given, row, labels[label.text_digest, _origin(label)], label.weight),
            _giver(label),
            label.created_at,
            label.source == LabelSource.MODERATOR,
            label.text_digest,
        )
        for label, given, row in zip(chosen, inputs, rows, strict=True)
    ]


def published(site: Site, *, without: set[str]) -> list[ClassifierInput]:
    """Return the newest public comments that no reader reported, but for these texts."""
    public = Comment.objects.filter(site=site, status=Status.APPROVED, reports=None)
    newest = map(classifier.classifier_input, public.order_by("-id")[: 2 * PUBLISHED])
    return [given for given in newest if text_digest(given["text"]) not in without][:PUBLISHED]


def presumed_harmless(inputs: Sequence[ClassifierInput]) -> list[Lesson]:
    """Return published comments, which nobody labelled, as lessons that nothing is wrong."""
    harmless = dict.fromkeys(map(str, Category), False)
    rows = classifier.score(inputs).rows
    return [
        Lesson(given, row, harmless, PRESUMED_WEIGHT)
        for given, row in zip(inputs, rows, strict=True)
    ]


def _labels(site: Site) -> QuerySet[Label]:
    valid = Label.objects.filter(site=site, key__revoked_at=None)
    return valid.order_by("-created_at", "id")[: MAX_TEXTS * MAX_CATEGORIES]


def _chosen(site: Site) -> list[Label]:
    """Return one label of each text that counts, the oldest first."""
    by_text: dict[str, Label] = {}
    for label in _labels(site):
        known = by_text.get(label.text_digest)
        is_moderators = label.source == LabelSource.MODERATOR
        if known is None or (is_moderators and known.source != LabelSource.MODERATOR):
            by_text[label.text_digest] = label
    given: Counter[tuple[str, object]] = Counter()
    chosen = []
    for label in sorted(by_text.values(), key=lambda label: label.created_at, reverse=True):
        given[_giver(label), label.created_at.date()] += 1
        if given[_giver(label), label.created_at.date()] <= MAX_OF_A_DAY:
            chosen.append(label)
    return chosen[:MAX_TEXTS][::-1]


def _origin(label: Label) -> object:
    # What a purged decision taught has its time alone.
    return label.decision_id or label.key_id or label.created_at


def _giver(label: Label) -> str:
    return f"person {label.given_by_id}" if label.given_by_id else f"key {label.key_id}"


def _input(label: Label) -> ClassifierInput:
    return {
        "text": label.text,
        "author_name": label.author_name,
        "author_url": label.author_url,
    }
