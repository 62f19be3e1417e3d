"""Find the words that a site's policy holds or rejects."""

from collections.abc import Iterator, Sequence

from moderation.models import Finding
from moderation.rules import wordlists
from moderation.rules.verdicts import Reason, Rules
from moderation.screening.classifier import normalise
from moderation.screening.contract import ScreeningSubject


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield HELD_WORD and REJECTED_WORD, with the matching words."""
    for subject in batch:
        for finding in findings(subject.comment.body, subject.rules):
            yield subject, finding


def findings(text: str, rules: Rules) -> Iterator[Finding]:
    """Yield a finding for each of the rules' word lists that matches a text.

    The text is matched as written and as `normalise` returns it, so that `v1agra` is `viagra`.
    """
    lists = {Reason.HELD_WORD: rules.held_words, Reason.REJECTED_WORD: rules.rejected_words}
    if not any(lists.values()):
        return
    texts = (text, normalise(text))
    for reason, words in lists.items():
        if matches := wordlists.find(words, texts):
            yield Finding(check_name="words", reason=reason, evidence={"words": matches})
