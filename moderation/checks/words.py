"""Finds the words that a site's policy holds or rejects."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import re2

from moderation.checks.contract import Subject
from moderation.models import Finding
from moderation.scoring import normalise
from moderation.verdicts import Reason

# RE2 runs in linear time whatever the pattern, so no word list can hang a worker. Its \b knows
# ASCII only; these bounds know the letters and digits of every script.
BEFORE, AFTER, ANY = r"(?:^|[^\pL\pN_])", r"(?:$|[^\pL\pN_])", r"[\pL\pN_]*"


def find(batch: Sequence[Subject]) -> Iterator[tuple[Subject, Finding]]:
    """Yield HELD_WORD and REJECTED_WORD, with the words found.

    The text is read as written and as `normalise` sees it, so that `v1agra` is `viagra`.
    """
    for subject in batch:
        held, rejected = subject.rules.held_words, subject.rules.rejected_words
        if not held and not rejected:
            continue
        text = f"{subject.comment.body}\n{normalise(subject.comment.body)}"
        for reason, words in ((Reason.HELD_WORD, held), (Reason.REJECTED_WORD, rejected)):
            if found := sorted({word for word in words if _pattern(word).search(text)}):
                evidence = {"words": found}
                yield subject, Finding(check_name="words", reason=reason, evidence=evidence)


@lru_cache(maxsize=10_000)
def _pattern(word: str) -> Any:
    """Return the pattern of a word in which `*` stands for any letters or digits."""
    pieces = (re2.escape(piece) for piece in word.strip().split("*"))
    return re2.compile(f"(?i){BEFORE}{ANY.join(pieces)}{AFTER}")
