"""Match word lists: words and phrases, `*` for any letters, and RE2 patterns between slashes.

Pure. A text is split into tokens, so that only whole words match. Matching thousands of words takes
milliseconds, since nearly all of them are looked up in a dictionary or searched as substrings;
patterns go through RE2, which takes linear time whatever the pattern.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import re2

LONGEST_WORD = 200
MOST_WORDS, MOST_PATTERNS = 10_000, 500
# Memory for one compiled pattern, in bytes.
MOST_MEMORY = 1 << 20

_TOKEN = re.compile(r"\w+|[^\w\s]")
# In a line of a list, an asterisk belongs to the token beside it.
_TOKEN_OF_WORD = re.compile(r"[\w*]+|[^\w\s]")


class InvalidWord(ValueError):
    """A line is no usable word or pattern; the message says which, and why."""


def check(words: Sequence[str]) -> None:
    """Raise InvalidWord for the first unusable line, and for a list that is too long."""
    if len(words) > MOST_WORDS:
        raise InvalidWord(f"A list has {MOST_WORDS} lines at most, and these are {len(words)}.")
    if (patterns := sum(map(is_pattern, words))) > MOST_PATTERNS:
        raise InvalidWord(f"A list has {MOST_PATTERNS} patterns at most, and these are {patterns}.")
    for word in words:
        if len(word) > LONGEST_WORD:
            raise InvalidWord(f"“{word[:40]}…” is longer than {LONGEST_WORD} characters.")
        if is_pattern(word):
            _compiled(word)
        elif not _TOKEN.search(word.replace("*", "")):
            raise InvalidWord(f"“{word}” would be found in every comment: write a letter at least.")


def is_pattern(word: str) -> bool:
    """Tell whether a line is a pattern, `/…/`, not a word."""
    return len(word) > 2 and word.startswith("/") and word.endswith("/")


def find(words: tuple[str, ...], texts: Iterable[str]) -> list[str]:
    """Return the lines of a list that match any of the texts, sorted.

    Lines that `check` refuses never match.
    """
    return sorted({word for text in texts for word in _matcher(words).matches(text)})


class _Matcher:
    """A compiled list: single words by token, phrases to search for, and patterns."""

    def __init__(self, words: Iterable[str]) -> None:
        self._tokens: dict[str, list[str]] = {}
        self._phrases: list[tuple[str, str]] = []
        self._wildcards: list[tuple[Any, str]] = []
        self._patterns: list[tuple[Any, str]] = []
        for word in words:
            try:
                self._add(word)
            except InvalidWord:
                continue

    def matches(self, text: str) -> Iterator[str]:
        """Yield the lines that match a text."""
        tokens = _TOKEN.findall(text.casefold())
        for token in self._tokens.keys() & set(tokens):
            yield from self._tokens[token]
        joined = f" {' '.join(tokens)} "
        for phrase, word in self._phrases:
            if phrase in joined:
                yield word
        for pattern, word in self._wildcards:
            if pattern.search(joined):
                yield word
        for pattern, word in self._patterns:
            if pattern.search(text):
                yield word

    def _add(self, word: str) -> None:
        if is_pattern(word):
            self._patterns.append((_compiled(word), word))
            return
        tokens = _TOKEN_OF_WORD.findall(word.casefold())
        phrase = f" {' '.join(tokens)} "
        core = phrase.removeprefix(" *").removesuffix("* ")
        if not core.strip(" *"):
            return
        if "*" in core:
            pieces = map(re2.escape, phrase.split("*"))
            self._wildcards.append((_compile("[^ ]*".join(pieces), word), word))
        elif core == phrase and len(tokens) == 1:
            self._tokens.setdefault(tokens[0], []).append(word)
        else:
            self._phrases.append((core, word))


@lru_cache(maxsize=64)
def _matcher(words: tuple[str, ...]) -> _Matcher:
    return _Matcher(words)


def _compiled(word: str) -> Any:
    pattern = _compile(word[1:-1], word)
    if pattern.search(""):
        raise InvalidWord(
            f"The pattern {word} is found in every comment: it matches nothing at all."
        )
    return pattern


def _compile(pattern: str, word: str) -> Any:
    options = re2.Options()
    options.case_sensitive, options.log_errors, options.max_mem = False, False, MOST_MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        message = error.args[0]
        reason = message.decode(errors="replace") if isinstance(message, bytes) else message
        raise InvalidWord(f"The pattern {word} can't be used: {reason}.") from None
