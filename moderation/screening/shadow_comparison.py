"""Compare our verdicts with those of the service that a site uses now (shadow mode).

A site sends a copy of its requests with a *shadow* key and with its present service's answers.
Labels by people on the same texts (feedback, or moderators' decisions) are the ground truth.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from comments.models import Site, SiteKey
from moderation.models import Comparison, Label

# Only so many comparisons are read, the newest.
MAX_ROWS = 50_000
# The score from which clients of Perspective commonly act.
DEFAULT_THRESHOLD = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedScore:
    """Our score and verdict, and another service's, for one category of a text."""

    category: str
    text_digest: str
    score: float | None
    ours: bool
    theirs: bool | None = None
    their_score: float | None = None


class AccuracyRecord(NamedTuple):
    """A service's confusion matrix against the labels by people, without the true negatives."""

    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0

    @property
    def precision(self) -> float | None:
        """The share of flagged texts that people label harmful, 0 to 1; None for none flagged."""
        flagged = self.true_positives + self.false_positives
        return self.true_positives / flagged if flagged else None

    @property
    def recall(self) -> float | None:
        """The share of texts labelled harmful that were flagged, 0 to 1; None for none harmful."""
        harmful = self.true_positives + self.false_negatives
        return self.true_positives / harmful if harmful else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The agreement of both services on one category, and the accuracy of each.

    `unanswered` counts the texts without an answer of the other service, `judged` those with a
    label. `matching_threshold` is the score from which we would flag as large a share as they do;
    None without scores.
    """

    category: str
    both: int
    only_ours: int
    only_theirs: int
    neither: int
    unanswered: int
    ours: AccuracyRecord
    theirs: AccuracyRecord
    judged: int
    matching_threshold: float | None

    @property
    def compared(self) -> int:
        """The number of texts with an answer of both."""
        return self.both + self.only_ours + self.only_theirs + self.neither

    @property
    def agreement(self) -> float | None:
        """The share of compared texts on which both agree, 0 to 1; None without any."""
        return (self.both + self.neither) / self.compared if self.compared else None


class _Row(NamedTuple):
    digest: str
    score: float | None
    ours: bool
    theirs: bool | None
    truth: bool | None


def record(compared: Sequence[ComparedScore], *, key: SiteKey, now: datetime) -> None:
    """Store comparisons of a text that came with a shadow key."""
    Comparison.objects.bulk_create(
        Comparison(
            key=key,
            created_at=now,
            category=score.category,
            text_digest=score.text_digest,
            score=score.score,
            ours=score.ours,
            theirs=score.theirs,
            their_score=score.their_score,
        )
        for score in compared
    )


def agreements(site: Site, *, their_threshold: float = DEFAULT_THRESHOLD) -> list[Agreement]:
    """Return the agreement with the site's present service for each category.

    Where the other service gave a score and no verdict, it counts as flagged from
    `their_threshold` (0 to 1) on.
    """
    rows: defaultdict[str, list[_Row]] = defaultdict(list)
    for category, row in _rows(site, their_threshold):
        rows[category].append(row)
    return [_agreement(category, rows[category]) for category in sorted(rows)]


def _rows(site: Site, their_threshold: float) -> Iterator[tuple[str, _Row]]:
    newest = Comparison.objects.filter(key__site=site).order_by("-id")
    fields = ("category", "text_digest", "score", "ours", "theirs", "their_score")
    compared = list(newest.values_list(*fields)[:MAX_ROWS])
    truths = _truths(site, {digest for _, digest, *_ in compared})
    for category, digest, score, ours, theirs, their_score in compared:
        if theirs is None and their_score is not None:
            theirs = their_score >= their_threshold
        yield category, _Row(digest, score, ours, theirs, truths.get((digest, category)))


def _truths(site: Site, digests: Iterable[str]) -> Mapping[tuple[str, str], bool]:
    """Return the labels of texts by digest and category; moderators' labels take precedence."""
    all_digests = list(digests)
    truths: dict[tuple[str, str], bool] = {}
    for start in range(0, len(all_digests), 500):
        labels = Label.objects.filter(site=site, text_digest__in=all_digests[start : start + 500])
        # FEEDBACK comes before MODERATOR, which replaces it, and a later label an earlier one.
        for digest, category, value in labels.order_by("source", "created_at").values_list(
            "text_digest", "category", "value"
        ):
            truths[digest, category] = value
    return truths


def _agreement(category: str, rows: Sequence[_Row]) -> Agreement:
    answered = [row for row in rows if row.theirs is not None]
    judged = [row for row in rows if row.truth is not None]
    return Agreement(
        category=category,
        both=sum(row.ours and bool(row.theirs) for row in answered),
        only_ours=sum(row.ours and not row.theirs for row in answered),
        only_theirs=sum(bool(row.theirs) and not row.ours for row in answered),
        neither=sum(not row.ours and not row.theirs for row in answered),
        unanswered=len(rows) - len(answered),
        ours=_record((row.ours, row.truth) for row in judged),
        theirs=_record((row.theirs, row.truth) for row in judged if row.theirs is not None),
        judged=len(judged),
        matching_threshold=_matching(answered),
    )


def _record(judged: Iterable[tuple[bool | None, bool | None]]) -> AccuracyRecord:
    pairs = [(bool(flagged), bool(truth)) for flagged, truth in judged]
    return AccuracyRecord(
        true_positives=pairs.count((True, True)),
        false_positives=pairs.count((True, False)),
        false_negatives=pairs.count((False, True)),
    )


def _matching(answered: Sequence[_Row]) -> float | None:
    scores = [row.score for row in answered if row.score is not None]
    if not scores:
        return None
    share = sum(bool(row.theirs) for row in answered) / len(answered)
    return threshold_for(scores, share=share)


def threshold_for(scores: Sequence[float], *, share: float) -> float | None:
    """Return the threshold at or above which `share` (0 to 1) of the scores lie; None for none.

    Among equal scores, fewer are caught rather than more, unless they are the highest.
    """
    ranked = sorted(scores, reverse=True)
    number = round(share * len(ranked))
    if not number:
        return None
    limit = ranked[number - 1]
    if number < len(ranked) and ranked[number] == limit:
        return next((score for score in reversed(ranked[:number]) if score > limit), limit)
    return limit
