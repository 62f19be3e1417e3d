"""Comparing with the service that a site uses now: who agrees, and who was right.

A site sends a copy of its requests with a *shadow* key and with what its present service answered.
People's words on the same texts (feedback, or decisions of moderators) tell who was right.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from comments.models import Site, SiteKey
from moderation.models import Comparison, Label

# The newest ones tell of the present; so many are read.
MOST = 50_000
# What clients of Perspective commonly take for toxic.
USUAL_THRESHOLD = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedScore:
    """What we and another service said of one category of a text."""

    category: str
    text_digest: str
    score: float | None
    ours: bool
    theirs: bool | None = None
    their_score: float | None = None


class AccuracyRecord(NamedTuple):
    """How often somebody was right, by the word of people."""

    found: int = 0
    false_alarms: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        """The share of what was flagged that people call harmful; None for none flagged."""
        flagged = self.found + self.false_alarms
        return self.found / flagged if flagged else None

    @property
    def recall(self) -> float | None:
        """The share of what people call harmful that was flagged; None for none harmful."""
        harmful = self.found + self.missed
        return self.found / harmful if harmful else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Both services on one category: how often each flagged, and how often people agreed.

    `matching_threshold` is the score from which we would flag as large a share as they do; None
    where there is nothing to tell by.
    """

    category: str
    both: int
    only_ours: int
    only_theirs: int
    neither: int
    not_told: int
    ours: AccuracyRecord
    theirs: AccuracyRecord
    judged: int
    matching_threshold: float | None

    @property
    def compared(self) -> int:
        """How many texts both have judged."""
        return self.both + self.only_ours + self.only_theirs + self.neither

    @property
    def agreement(self) -> float | None:
        """The share of texts on which both say the same."""
        return (self.both + self.neither) / self.compared if self.compared else None


class _Row(NamedTuple):
    digest: str
    score: float | None
    ours: bool
    theirs: bool | None
    truth: bool | None


def record(said: Sequence[ComparedScore], *, key: SiteKey, now: datetime) -> None:
    """Keep what was said of a text."""
    Comparison.objects.bulk_create(
        Comparison(
            key=key,
            created_at=now,
            category=one.category,
            text_digest=one.text_digest,
            score=one.score,
            ours=one.ours,
            theirs=one.theirs,
            their_score=one.their_score,
        )
        for one in said
    )


def agreements(site: Site, *, their_threshold: float = USUAL_THRESHOLD) -> list[Agreement]:
    """Return how the site's present service and we compare, category by category.

    Where the other service gave a score and no verdict, it flags from `their_threshold` on.
    """
    rows: defaultdict[str, list[_Row]] = defaultdict(list)
    for category, row in _rows(site, their_threshold):
        rows[category].append(row)
    return [_agreement(category, rows[category]) for category in sorted(rows)]


def _rows(site: Site, their_threshold: float) -> Iterator[tuple[str, _Row]]:
    newest = Comparison.objects.filter(key__site=site).order_by("-id")
    fields = ("category", "text_digest", "score", "ours", "theirs", "their_score")
    said = list(newest.values_list(*fields)[:MOST])
    truths = _truths(site, {digest for _, digest, *_ in said})
    for category, digest, score, ours, theirs, their_score in said:
        if theirs is None and their_score is not None:
            theirs = their_score >= their_threshold
        yield category, _Row(digest, score, ours, theirs, truths.get((digest, category)))


def _truths(site: Site, digests: Iterable[str]) -> Mapping[tuple[str, str], bool]:
    """Return people's last words on texts; those of our moderators count for more."""
    wanted = list(digests)
    told: dict[tuple[str, str], bool] = {}
    for start in range(0, len(wanted), 500):
        labels = Label.objects.filter(site=site, text_digest__in=wanted[start : start + 500])
        # FEEDBACK comes before MODERATOR, which replaces it.
        for digest, category, value in labels.order_by("source").values_list(
            "text_digest", "category", "value"
        ):
            told[digest, category] = value
    return told


def _agreement(category: str, rows: Sequence[_Row]) -> Agreement:
    told = [row for row in rows if row.theirs is not None]
    judged = [row for row in rows if row.truth is not None]
    return Agreement(
        category=category,
        both=sum(row.ours and bool(row.theirs) for row in told),
        only_ours=sum(row.ours and not row.theirs for row in told),
        only_theirs=sum(bool(row.theirs) and not row.ours for row in told),
        neither=sum(not row.ours and not row.theirs for row in told),
        not_told=len(rows) - len(told),
        ours=_record((row.ours, row.truth) for row in judged),
        theirs=_record((row.theirs, row.truth) for row in judged if row.theirs is not None),
        judged=len(judged),
        matching_threshold=_matching(told),
    )


def _record(judged: Iterable[tuple[bool | None, bool | None]]) -> AccuracyRecord:
    pairs = [(bool(flagged), bool(truth)) for flagged, truth in judged]
    return AccuracyRecord(
        found=pairs.count((True, True)),
        false_alarms=pairs.count((True, False)),
        missed=pairs.count((False, True)),
    )


def _matching(told: Sequence[_Row]) -> float | None:
    scores = [row.score for row in told if row.score is not None]
    if not scores:
        return None
    share = sum(bool(row.theirs) for row in told) / len(told)
    return threshold_for(scores, share=share)


def threshold_for(scores: Sequence[float], *, share: float) -> float | None:
    """Return the score from which on `share` (0 to 1) of the scores lie; None for a share of none.

    Where several have the same score, fewer are caught rather than more, but for the highest.
    """
    ranked = sorted(scores, reverse=True)
    wanted = round(share * len(ranked))
    if not wanted:
        return None
    limit = ranked[wanted - 1]
    if wanted < len(ranked) and ranked[wanted] == limit:
        return next((score for score in reversed(ranked[:wanted]) if score > limit), limit)
    return limit
