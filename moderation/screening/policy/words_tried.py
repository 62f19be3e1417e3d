"""Try a word list before it counts: which lines are unusable, and what the others are found in."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from comments.models import Comment, Site
from comments.text import readable
from moderation.rules import wordlists
from moderation.screening.classifier import normalise

# How many of a site's latest comments are looked at, and how many wrong lines are told of.
LATEST, MOST_WRONG = 200, 8
# So many lines are tried one by one where a list is refused; patterns are timed, which takes long.
MOST_SINGLY = 300
LONGEST_EXAMPLE = 120


class WrongLine(NamedTuple):
    """A line that can't be used, its number from 1, and why; number 0 is the whole list."""

    number: int
    why: str


class FoundLine(NamedTuple):
    """A line, in how many of the latest comments it is found, and the latest of those."""

    line: str
    times: int
    example: str


class TriedWords(NamedTuple):
    """What a list would do: `in_sample` are the lines found in the sample text."""

    wrong: Sequence[WrongLine]
    in_sample: Sequence[str]
    found: Sequence[FoundLine]
    compared: int


def try_words(lines: Sequence[str], *, sample: str, site: Site | None) -> TriedWords:
    """Try lines as they were typed on a sample text and, where there is a site, on its comments."""
    numbered = [(n, line.strip()) for n, line in enumerate(lines, 1) if line.strip().strip("*")]
    wrong = list(_wrong(numbered))
    unusable = {one.number for one in wrong}
    words = tuple(dict.fromkeys(line for n, line in numbered if n not in unusable))
    if 0 in unusable or not words:
        return TriedWords(wrong, [], [], 0)
    in_sample = wordlists.find(words, _texts(sample)) if sample.strip() else []
    comments = list(_latest(site)) if site else []
    return TriedWords(wrong, in_sample, _found(words, comments), len(comments))


def _wrong(numbered: Sequence[tuple[int, str]]) -> Iterator[WrongLine]:
    """Yield the unusable lines; the list as a whole where each line by itself is usable."""
    try:
        wordlists.check([line for _, line in numbered])
    except wordlists.InvalidWord as error:
        singly = list(_wrong_singly(numbered[:MOST_SINGLY]))
        yield from singly or [WrongLine(0, str(error))]


def _wrong_singly(numbered: Sequence[tuple[int, str]]) -> Iterator[WrongLine]:
    named = 0
    for number, line in numbered:
        try:
            wordlists.check([line])
        except wordlists.InvalidWord as error:
            yield WrongLine(number, str(error))
            named += 1
        if named == MOST_WRONG:
            return


def _latest(site: Site) -> Iterator[Comment]:
    comments = Comment.objects.filter(site=site).exclude(body="").order_by("-id")
    return comments.only("body", "body_html", "author_name", "author_url")[:LATEST].iterator()


def _found(words: tuple[str, ...], comments: Sequence[Comment]) -> list[FoundLine]:
    times: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for comment in comments:
        text = readable.of_html(comment.body_html)
        read = (*_texts(text), comment.body, comment.author_name, comment.author_url)
        for line in wordlists.find(words, read):
            times[line] += 1
            examples.setdefault(line, text[:LONGEST_EXAMPLE])
    return [FoundLine(line, n, examples[line]) for line, n in times.most_common()]


def _texts(text: str) -> tuple[str, str]:
    """Return a text as it reads, and with its disguises undone, as the check of words has it."""
    return text, normalise(text)
