"""Explain scores: the words of a comment with their weights, for highlighting."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext

from comments.models import Comment
from comments.text.highlight import Highlight, highlight
from moderation.models import Finding
from moderation.screening import classifier
from moderation.web.desk.base.words import CATEGORIES, FEATURES

# Words below this weight (log odds), or below this share of the highest weight, are hidden.
MIN_WEIGHT, MIN_SHARE = 0.5, 0.2
STRONG_WEIGHT = 1.5
MAX_WORDS = 12
# Categories below this score (0 to 1) are not shown to moderators.
MIN_SCORE = 0.2


class WeighedWord(NamedTuple):
    """A word, its weight in log odds, and its range in code points of `body`."""

    text: str
    weight: float
    start: int
    end: int

    @property
    def formatted_weight(self) -> str:
        """The weight with its sign: "+2.1", "−0.4"."""
        return _formatted(self.weight)


class CategoryExplanation(NamedTuple):
    """The words that raise and lower the score of a category, the highest weights first."""

    category: str
    # The text that the classifier read, in which the words stand.
    text: str = ""
    raising: Sequence[WeighedWord] = ()
    lowering: Sequence[WeighedWord] = ()
    # Names and weights of features other than words, such as links or the author's name.
    other_features: Sequence[tuple[str, str]] = ()

    @property
    def label(self) -> str:
        """The category as moderators read it."""
        return str(CATEGORIES.get(self.category, self.category))

    def html(self, comment: Comment) -> str:
        """Return the comment's HTML with these words highlighted."""
        marks = [_highlight(word, self.label) for word in (*self.raising, *self.lowering)]
        return highlight(comment.body_html, self.text, marks)


def explain(comment: Comment, category: str, *, quickly: bool = False) -> CategoryExplanation:
    """Return the explanation of a comment's score in a category by the classifier in use.

    In lists `quickly`: by its words alone, since a second reading of each takes long.
    It is empty for "" and while there is no classifier.
    """
    given = classifier.classifier_input(comment)
    explanation = None
    with suppress(classifier.ClassifierAway):
        found = classifier.explain(given, category, quickly=quickly) if category else {}
        explanation = found.get(category)
    if explanation is None:
        return CategoryExplanation(category)
    text = given["text"]
    words = [WeighedWord(text[s:e], weight, s, e) for s, e, weight in explanation.spans]
    features = sorted(explanation.features.items(), key=lambda item: -abs(item[1]))
    other_features = [
        (str(FEATURES.get(name, name)), _formatted(w))
        for name, w in features
        if abs(w) >= MIN_WEIGHT
    ]
    raising, lowering = _heaviest(words, 1), _heaviest(words, -1)
    return CategoryExplanation(category, text, raising, lowering, other_features)


def category_to_explain(findings: Iterable[Finding], blamed: str = "") -> str:
    """Return the `blamed` category if it was scored, else the one with the highest score.

    "" when no score reaches MIN_SCORE.
    """
    scores = {f.category: f.score for f in findings if f.score is not None}
    likely = [category for category, score in scores.items() if score >= MIN_SCORE]
    if blamed in scores:
        return blamed
    return max(likely, key=lambda category: scores[category], default="")


def _formatted(weight: float) -> str:
    sign = "−" if weight < 0 else "+"
    return sign + number_format(abs(weight), decimal_pos=1)


def _heaviest(words: Iterable[WeighedWord], sign: int) -> list[WeighedWord]:
    signed = [word for word in words if word.weight * sign > 0]
    signed.sort(key=lambda word: -abs(word.weight))
    threshold = max([MIN_WEIGHT, *(MIN_SHARE * abs(word.weight) for word in signed[:1])])
    return [word for word in signed[:MAX_WORDS] if abs(word.weight) >= threshold]


def _highlight(word: WeighedWord, label: str) -> Highlight:
    direction = "raises" if word.weight > 0 else "lowers"
    kind = f"{direction} strong" if abs(word.weight) >= STRONG_WEIGHT else direction
    words = gettext("raises %(what)s") if word.weight > 0 else gettext("lowers %(what)s")
    title = f"{words % {'what': label}}: {word.formatted_weight}"
    return Highlight(word.start, word.end, kind, title)
