"""Nudges: ask an author to reconsider a hurtful comment before it is posted.

Many rewrite such a comment when asked once (Katsaros, Yang and Fratamico, “Reconsidering Tweets”,
ICWSM 2022). A nudge reveals hurtful words alone: nothing about spam, bans, word lists and links,
which would help to evade the rules, and no scores.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from django.utils.functional import Promise

from comments.models import Site
from moderation.notifications.mail.reasons import MESSAGES
from moderation.rules.verdicts import Category, Reason, Verdict
from moderation.screening import classifier
from moderation.screening.classifier import ClassifierInput
from moderation.screening.preview import Draft, preview_drafts

# A word is marked when its weight is at least this share of the highest one.
MARKED_FROM = 0.25


class TextSpan(NamedTuple):
    """A range of the text, `end` exclusive, in UTF-16 code units as JavaScript counts them."""

    begin: int
    end: int


class Nudge(NamedTuple):
    """The harms (gravest first), a message for the author, and the hurtful words' ranges."""

    categories: Sequence[Category]
    message: Promise
    spans: Sequence[TextSpan]


def nudge(draft: Draft, *, site: Site, now: datetime) -> Nudge | None:
    """Return a nudge where the rules would hold or refuse a draft for a harmful score, or None.

    Nothing is stored. Pass no email address with the draft: since an author's record can outweigh
    a score, the answer would reveal whose address it is.
    """
    (preview,) = preview_drafts([draft], site=site, now=now)
    blamed = {
        reason.category
        for reason in preview.judgement.grounds
        if reason.reason == Reason.SCORE and reason.verdict is not Verdict.SPAM
    }
    categories = [category for category in MESSAGES if category in blamed]
    if not categories:
        return None
    return Nudge(categories, MESSAGES[categories[0]], spans(draft, categories[0]))


def spans(draft: Draft, category: Category) -> list[TextSpan]:
    """Return the words of a draft with the highest weights in a category, adjacent ones merged."""
    # The words are marked in the text as it is typed.
    typed = ClassifierInput(
        text=draft.text, author_name=draft.author_name, author_url=draft.author_url
    )
    try:
        explanation = classifier.explain(typed, category, quickly=True).get(category)
    except classifier.ClassifierAway:
        return []
    weighted = explanation.spans if explanation else ()
    threshold = MARKED_FROM * max((weight for _, _, weight in weighted), default=0.0)
    marked = [(start, end) for start, end, weight in weighted if weight >= threshold > 0]
    units = utf16_offsets(draft.text)
    return [TextSpan(units[start], units[end]) for start, end in _merged(draft.text, marked)]


def utf16_offsets(text: str) -> list[int]:
    """Return the UTF-16 offset of each code point and of the end of a text."""
    units = [0]
    for character in text:
        units.append(units[-1] + (2 if ord(character) > 0xFFFF else 1))
    return units


def _merged(text: str, marked: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans, those with only whitespace between them merged."""
    if not marked:
        return
    start = marked[0][0]
    for before, after in pairwise(marked):
        if text[before[1] : after[0]].strip():
            yield start, before[1]
            start = after[0]
    yield start, marked[-1][1]
