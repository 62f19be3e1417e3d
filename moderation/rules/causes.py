"""Why a moderator decided, and what each verdict with its cause teaches about a text."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from moderation.rules.verdicts import Category, Verdict


class Cause(StrEnum):
    """Why a moderator refuses a comment; none where nothing was said."""

    SPAM = "spam"
    INSULT = "insult"
    THREAT = "threat"
    HATE = "hate"
    PROFANITY = "profanity"
    SEXUAL = "sexual"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


CAUSES = [(cause.value, cause.replace("_", " ").capitalize()) for cause in Cause]
# The categories of which a cause says that the text is of them. "Off topic" and "other" are no harm
# that a classifier could know by the words: they teach nothing.
HARMS: Mapping[str, frozenset[Category]] = {
    Cause.SPAM: frozenset({Category.SPAM}),
    Cause.INSULT: frozenset({Category.TOXICITY, Category.INSULT}),
    Cause.THREAT: frozenset({Category.TOXICITY, Category.THREAT}),
    Cause.HATE: frozenset({Category.TOXICITY, Category.IDENTITY_ATTACK}),
    Cause.PROFANITY: frozenset({Category.PROFANITY}),
    Cause.SEXUAL: frozenset({Category.SEXUAL}),
}
NOTHING: Mapping[Category, bool] = MappingProxyType({})


def lessons(verdict: str, cause: str = "") -> Mapping[Category, bool]:
    """Return which categories a person's verdict teaches: True for harmful; a missing one, nothing.

    Approving says that nothing is wrong with a text. A refusal teaches the harm that was named and
    no other: without a cause it might as well be off topic.
    """
    if verdict == Verdict.APPROVE:
        return dict.fromkeys(Category, False)
    if verdict == Verdict.SPAM:
        return {Category.SPAM: True}
    if verdict == Verdict.REJECT:
        return dict.fromkeys(sorted(HARMS.get(cause, frozenset())), True)
    return NOTHING
