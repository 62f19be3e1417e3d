"""Find the words that a site's policy holds or rejects."""

from collections.abc import Iterator, Sequence

from moderation.models import Finding
from moderation.rules import wordlists
from moderation.rules.verdicts import Reason
from moderation.screening.classifier import normalise
from moderation.screening.contract import ScreeningSubject


def find(batch: Sequence[ScreeningSubject]) -> Iterator[tuple[ScreeningSubject, Finding]]:
    """Yield HELD_WORD and REJECTED_WORD, with the matching words."""
    for subject in batch:
        for finding in findings(subject):
            yield subject, finding


def findings(subject: ScreeningSubject) -> Iterator[Finding]:
    """Yield a finding for each of the rules' word lists that matches a comment.

    Its text is matched as it reads, as it was typed, and as `normalise` returns it, so that
    `v1agra` is `viagra`; the author's name and website are looked at, too.
    """
    rules = subject.rules
    lists = {Reason.HELD_WORD: rules.held_words, Reason.REJECTED_WORD: rules.rejected_words}
    if not any(lists.values()):
        return
    text, comment = subject.text, subject.comment
    texts = (text, normalise(text), comment.body, comment.author_name, comment.author_url)
    for reason, words in lists.items():
        if matches := wordlists.find(words, texts):
            yield Finding(check_name="words", reason=reason, evidence={"words": matches})
