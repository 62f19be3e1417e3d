"""Nudging: a gentle word to somebody who is about to post what readers may take amiss.

Many rewrite such a comment when asked once (Katsaros, Yang and Fratamico, “Reconsidering Tweets”,
ICWSM 2022). It tells of hurtful words alone: of spam, bans, words and links nobody who tries to
slip through shall learn anything, and of scores nobody at all.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from django.utils.functional import Promise

from comments.models import Comment, Site
from moderation.notifications.mail.reasons import MESSAGES
from moderation.rules.verdicts import Category, Reason, Verdict
from moderation.screening import classifier
from moderation.screening import preview as previewing
from moderation.screening.preview import Draft

# A word is marked when it weighs at least this part of what the weightiest one does.
MARKED_FROM = 0.25


class TextSpan(NamedTuple):
    """A part of the text, `end` exclusive, in UTF-16 code units, which browsers count."""

    begin: int
    end: int


class Nudge(NamedTuple):
    """What readers may take amiss: which harms, the gravest first, in words, and where."""

    categories: Sequence[Category]
    message: Promise
    spans: Sequence[TextSpan]


def nudge(draft: Draft, *, site: Site, now: datetime) -> Nudge | None:
    """Return what to say before a draft is posted, or None; nothing is stored.

    It is said where the site's rules would hold or refuse the draft for its words' harm. Give no
    address with the draft: what an author's record outweighs would tell whose it is.
    """
    (preview,) = previewing.preview([draft], site=site, now=now)
    blamed = {
        ground.category
        for ground in preview.judgement.grounds
        if ground.reason == Reason.SCORE and ground.verdict is not Verdict.SPAM
    }
    categories = [category for category in MESSAGES if category in blamed]
    if not categories:
        return None
    return Nudge(categories, MESSAGES[categories[0]], spans(draft, categories[0]))


def spans(draft: Draft, category: Category) -> list[TextSpan]:
    """Return the words of a draft that weigh most in a category, neighbours as one span."""
    asked = Comment(body=draft.text, author_name=draft.author_name, author_url=draft.author_url)
    try:
        explanation = classifier.explain(asked).get(category)
    except classifier.ClassifierAway:
        return []
    found = explanation.spans if explanation else ()
    least = MARKED_FROM * max((weight for _, _, weight in found), default=0.0)
    marked = [(start, end) for start, end, weight in found if weight >= least > 0]
    units = units_before(draft.text)
    return [TextSpan(units[start], units[end]) for start, end in _joined(draft.text, marked)]


def units_before(text: str) -> list[int]:
    """Return for each code point, and the end, how many UTF-16 code units stand before it."""
    units = [0]
    for character in text:
        units.append(units[-1] + (2 if ord(character) > 0xFFFF else 1))
    return units


def _joined(text: str, marked: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans with those made one that have nothing but space between them."""
    if not marked:
        return
    start = marked[0][0]
    for before, after in pairwise(marked):
        if text[before[1] : after[0]].strip():
            yield start, before[1]
            start = after[0]
    yield start, marked[-1][1]
