"""Measure a classifier as it is used: on whole comments, with a name, with and without links.

A production comment has a display name, perhaps a website, and its text as it was typed. What the
default house rules do with it is its outcome: published, held for a person, or set aside unseen.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ml import names, recipe, splicing, synthetic
from ml.dataset import Row
from ml.text import links
from ml.tokens import CONTEXT_CATEGORY, Record

Mask = NDArray[np.bool_]
Thresholds = Mapping[str, Mapping[str, float]]

# As in the default house rules, which hold a comment with more links than this.
MAX_LINKS = 8
# Calm comments of a site, as this share of them has a website.
WEBSITE_SHARE = 0.25
# So many times the odds of any ordinary name must a name have that counts by itself.
NAME_MARGIN = 3
# With so many names it is found out which count, and measured.
NAMES_TRIED, NAMES_MEASURED = 40_000, 10_000


class Scorer(Protocol):
    """What gives probabilities: the served classifier, or an estimator."""

    @property
    def categories(self) -> Sequence[str]:
        """The names of the columns."""

    def predict_proba(self, records: Sequence[Record], /) -> NDArray[Any]:
        """Return probabilities, of shape (records, categories)."""


def signed(rows: Sequence[Row], *, seed: int, part: names.Part = "test") -> list[Row]:
    """Return the rows with ordinary names of many cultures, some with a website."""
    rng = random.Random(seed)  # noqa: S311 (nothing secret)
    return [row if row.author_name else _signed(row, rng, part) for row in rows]


def with_links(rows: Sequence[Row], *, seed: int) -> list[Row]:
    """Return copies of the calm rows with links as people give them."""
    return list(splicing.rows(rows, share=1, seed=seed))


def outcomes(scorer: Scorer, rows: Sequence[Row], thresholds: Thresholds) -> tuple[Mask, Mask]:
    """Return which rows are held or set aside by the default rules, and which set aside."""
    scores = scorer.predict_proba([row.record for row in rows])
    held = np.array([len(links(row.text)) > MAX_LINKS for row in rows], bool)
    aside = np.zeros(len(rows), bool)
    for column, category in enumerate(scorer.categories):
        held |= scores[:, column] >= thresholds[category]["hold_at"]
        if category == CONTEXT_CATEGORY:
            aside |= scores[:, column] >= thresholds[category]["reject_at"]
    return held | aside, aside


def shares(scorer: Scorer, rows: Sequence[Row], thresholds: Thresholds) -> dict[str, Any]:
    """Return the shares of calm comments held and set aside, by links and by source."""
    if not rows:
        return {}
    held, aside = outcomes(scorer, rows, thresholds)
    return {
        name: {
            "rows": int(mask.sum()),
            "held": round(float(held[mask].mean()), 4),
            "set_aside": round(float(aside[mask].mean()), 4),
        }
        for name, mask in _groups(rows)
        if mask.any()
    }


def _groups(rows: Sequence[Row]) -> Iterator[tuple[str, Mask]]:
    numbers = np.array([len(links(row.text)) for row in rows])
    yield "all", np.ones(len(rows), bool)
    yield "no link", numbers == 0
    yield "one link", numbers == 1
    yield "two links or more", numbers > 1
    yield "with a website", np.array([bool(row.author_url) for row in rows])
    sources = np.array([row.source for row in rows])
    for source in sorted(set(sources)):
        yield str(source), sources == source


def of_names(scorer: Scorer, thresholds: Thresholds) -> dict[str, Any]:
    """Return how far names of many cultures move a calm comment's scores other than for SPAM.

    And which share of comments they hold that would be published without a name. None of these
    names was learned from, or used to find out which names count.
    """
    rng = random.Random(NAMES_MEASURED)  # noqa: S311 (nothing secret)
    bare = Row("I see it in another way, and the second example shows why.", {}, "names")
    rows = [replace(bare, author_name=names.ordinary(rng, "test")) for _ in range(NAMES_MEASURED)]
    scores = scorer.predict_proba([row.record for row in rows])
    others = [c != CONTEXT_CATEGORY for c in scorer.categories]
    moved = np.abs(scores - scorer.predict_proba([bare.record]))[:, others]
    held, aside = outcomes(scorer, rows, thresholds)
    return {
        "rows": NAMES_MEASURED,
        "largest_move": round(float(moved.max(initial=0)), 4),
        "held": round(float(held.mean()), 4),
        "set_aside": round(float(aside.mean()), 4),
    }


def name_thresholds(scorer: Scorer, thresholds: Thresholds) -> dict[str, float]:
    """Return for each category the score from which a name counts by itself.

    That from which a text is held, or higher: so that the odds are well above those of any ordinary
    name of many cultures.
    """
    rng = random.Random(NAMES_TRIED)  # noqa: S311 (nothing secret)
    ordinary = [names.ordinary(rng, "calibrate") for _ in range(NAMES_TRIED)]
    highest = scorer.predict_proba(ordinary).max(axis=0)
    highest = np.minimum(highest, 1 - 1e-9)
    odds = NAME_MARGIN * highest / (1 - highest)
    return {
        category: round(max(thresholds[category]["hold_at"], float(least)), 4)
        for category, least in zip(scorer.categories, odds / (1 + odds), strict=True)
    }


def calm(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of calm sources that nobody labelled as harmful."""
    return [
        row for row in rows if row.source in recipe.CALM_SOURCES and not any(row.labels.values())
    ]


def _signed(row: Row, rng: random.Random, part: names.Part) -> Row:
    site = ""
    if rng.random() < WEBSITE_SHARE:
        site = synthetic.fill_template(rng.choice(synthetic.PHRASES["honest_sites"]), rng)
    return replace(row, author_name=names.ordinary(rng, part), author_url=site)
