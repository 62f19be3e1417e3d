"""Fields of a policy that hold lists and tables, with what is refused in them."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models

from moderation.rules import wordlists


def usable_words(words: list[str]) -> None:
    """Raise ValidationError for a list with a line that is no word and no pattern."""
    try:
        wordlists.check(words)
    except wordlists.InvalidWord as error:
        raise ValidationError(str(error), "unusable") from None


def usable_together(lists: Iterable[list[str]]) -> None:
    """Raise ValidationError for the word lists of a site that cost too much in sum.

    What is wrong with one of them is told by `usable_words`.
    """
    try:
        wordlists.check_together(lists)
    except wordlists.TooCostly as error:
        raise ValidationError(str(error), "unusable") from None
    except wordlists.InvalidWord:
        return


class WordListField(models.JSONField):
    """A list of words and patterns, as `moderation.rules.wordlists` reads them."""

    # Typed as Django types it.
    default_validators = [usable_words]  # noqa: RUF012


class ThresholdsField(models.JSONField):
    """`{category: {"hold_at": score, "reject_at": score}}`, with scores from 0 to 1."""


# The words that a site may have its classifier leave out, and their length.
MOST_IGNORED, LONGEST_IGNORED = 500, 100


def few_words(words: list[str]) -> None:
    """Raise ValidationError for too many words, or too long ones."""
    if len(words) > MOST_IGNORED or any(len(word) > LONGEST_IGNORED for word in words):
        raise ValidationError(
            f"{MOST_IGNORED} words of {LONGEST_IGNORED} characters at most.", "unusable"
        )


class IgnoredWordsField(models.JSONField):
    """Words from which nothing is learned, by the names of `ml.adaptation.layer.name_of`."""

    default_validators = [few_words]  # noqa: RUF012
