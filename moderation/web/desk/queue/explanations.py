"""Which words of a comment weighed how much in a score, and where they stand in the text."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from comments.models import Comment
from comments.text.highlight import Highlight, highlight
from moderation.models import Finding
from moderation.screening import classifier
from moderation.web.desk.base.wording import CATEGORIES

# In log odds: what weighs less than this, or than this share of the heaviest, is noise to people.
TELLING, SHARE = 0.5, 0.2
STRONG = 1.5
MOST = 12
# A category that is less likely than this (0 to 1) is not worth a moderator's look.
SHOWN_FROM = 0.2


class WeighedWord(NamedTuple):
    """A piece of the text, its weight in log odds, and where it stands (characters of `body`)."""

    text: str
    weight: float
    start: int
    end: int

    @property
    def shown(self) -> str:
        """The weight as people read it: "+2.1", "−0.4"."""
        return f"{self.weight:+.1f}".replace("-", "−")


class CategoryExplanation(NamedTuple):
    """The words that raised and lowered the score of a category, the heaviest first."""

    category: str
    raising: Sequence[WeighedWord] = ()
    lowering: Sequence[WeighedWord] = ()
    # What is not in the words, such as links or the author's name.
    beside: Sequence[tuple[str, str]] = ()

    @property
    def label(self) -> str:
        """The category in words."""
        return CATEGORIES.get(self.category, self.category)

    def html(self, comment: Comment) -> str:
        """Return the text as readers see it, with these words marked."""
        marks = [_mark(word, self.label) for word in (*self.raising, *self.lowering)]
        return highlight(comment.body_html, comment.body, marks)


def weigh(comment: Comment, category: str) -> CategoryExplanation:
    """Return what weighed in a comment's score, as the classifier in use has it.

    It is empty for "" and while there is no classifier.
    """
    try:
        why = classifier.explain(comment, category).get(category) if category else None
    except classifier.ClassifierAway:
        why = None
    if why is None:
        return CategoryExplanation(category)
    words = [WeighedWord(comment.body[s:e], weight, s, e) for s, e, weight in why.spans]
    features = sorted(why.features.items(), key=lambda item: -abs(item[1]))
    beside = [(name, f"{w:+.1f}".replace("-", "−")) for name, w in features if abs(w) >= TELLING]
    return CategoryExplanation(category, _heaviest(words, 1), _heaviest(words, -1), beside)


def most_telling(findings: Iterable[Finding], blamed: str = "") -> str:
    """Return the category whose words a moderator wants to see: the one blamed, or the likeliest.

    "" when nothing was scored as high as to be worth it.
    """
    scores = {f.category: f.score for f in findings if f.score is not None}
    likely = [category for category, score in scores.items() if score >= SHOWN_FROM]
    if blamed in scores:
        return blamed
    return max(likely, key=lambda category: scores[category], default="")


def _heaviest(words: Iterable[WeighedWord], sign: int) -> list[WeighedWord]:
    one_way = sorted((word for word in words if word.weight * sign > 0), key=_lightness)
    least = max([TELLING, *(SHARE * abs(word.weight) for word in one_way[:1])])
    return [word for word in one_way[:MOST] if abs(word.weight) >= least]


def _lightness(word: WeighedWord) -> float:
    return -abs(word.weight)


def _mark(word: WeighedWord, label: str) -> Highlight:
    way = "raises" if word.weight > 0 else "lowers"
    kind = f"{way} strong" if abs(word.weight) >= STRONG else way
    return Highlight(word.start, word.end, kind, f"{way} {label}: {word.shown}")
