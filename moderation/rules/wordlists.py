"""Word lists of house rules: words and phrases, `*` for any letters, and patterns between slashes.

Pure. A text is cut into tokens, so that a word is found as a word, whatever stands around it. With
thousands of words one look takes milliseconds, since nearly all of them are looked up or searched
as they are; patterns go through RE2, which takes linear time whatever the pattern.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import re2

LONGEST_WORD = 200
MOST_WORDS, MOST_PATTERNS = 10_000, 500
# What one compiled pattern may take (bytes).
MOST_MEMORY = 1 << 20

_TOKEN = re.compile(r"\w+|[^\w\s]")
# Of a word in a list, the asterisk is part of the token that it stands beside.
_TOKEN_OF_WORD = re.compile(r"[\w*]+|[^\w\s]")


class InvalidWord(ValueError):
    """A line that can't be a word or pattern; the message says which, and why."""


def check(words: Sequence[str]) -> None:
    """Raise BadWord for the first line that can't be used, and for lists that are too long."""
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
    """Tell whether a line is a pattern: `/…/`."""
    return len(word) > 2 and word.startswith("/") and word.endswith("/")


def find(words: tuple[str, ...], texts: Iterable[str]) -> list[str]:
    """Return the lines of a list that are found in any of the texts, sorted.

    What `check` refuses is never found.
    """
    return sorted({word for text in texts for word in _matcher(words).found(text)})


class _Matcher:
    """A list, made ready: words by token, parts of text by what is searched, patterns."""

    def __init__(self, words: Iterable[str]) -> None:
        self._tokens: dict[str, list[str]] = {}
        self._parts: list[tuple[str, str]] = []
        self._joined: list[tuple[Any, str]] = []
        self._patterns: list[tuple[Any, str]] = []
        for word in words:
            try:
                self._add(word)
            except InvalidWord:
                continue

    def found(self, text: str) -> Iterator[str]:
        """Yield the lines that are found in a text."""
        tokens = _TOKEN.findall(text.casefold())
        for token in self._tokens.keys() & set(tokens):
            yield from self._tokens[token]
        joined = f" {' '.join(tokens)} "
        for part, word in self._parts:
            if part in joined:
                yield word
        for pattern, word in self._joined:
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
        asked = f" {' '.join(tokens)} "
        core = asked.removeprefix(" *").removesuffix("* ")
        if not core.strip(" *"):
            return
        if "*" in core:
            pieces = map(re2.escape, asked.split("*"))
            self._joined.append((_compile("[^ ]*".join(pieces), word), word))
        elif core == asked and len(tokens) == 1:
            self._tokens.setdefault(tokens[0], []).append(word)
        else:
            self._parts.append((core, word))


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
        told = error.args[0]
        reason = told.decode(errors="replace") if isinstance(told, bytes) else told
        raise InvalidWord(f"The pattern {word} can't be used: {reason}.") from None
