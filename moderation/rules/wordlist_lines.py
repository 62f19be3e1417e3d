"""Read the lines of a word list: a word or a phrase as folded tokens, or an RE2 pattern.

Pure. Two asterisks or more, and one behind a backslash, are asterisks.
"""

import re
from collections.abc import Iterable

import re2

from moderation.rules.word_forms import WILDCARD, folded

TOKEN = re.compile(r"[^\W_]++|[^\w\s]|_")
# In a line of a list, a wildcard belongs to the token beside it.
_TOKEN_OF_WORD = re.compile(rf"(?:[^\W_]|{WILDCARD})++|[^\w\s]|_")
_ASTERISKS = re.compile(r"\\\*|\*+")


def is_pattern(word: str) -> bool:
    """Tell whether a line is a pattern, `/…/`, not a word."""
    return len(word) > 2 and word.startswith("/") and word.endswith("/")


def patterns_of(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return the RE2 patterns that a list needs, each with its line."""
    return [(pattern, word) for word in words if (pattern := pattern_of(word))]


def pattern_of(word: str) -> str:
    """Return the RE2 pattern of a line that needs one; "" for a word or a phrase."""
    if is_pattern(word):
        return word[1:-1]
    phrase = phrase_of(word)
    core = core_of(phrase)
    has_letters = bool(core.strip(f" {WILDCARD}"))
    pieces = map(re2.escape, phrase.split(WILDCARD))
    return "[^ ]*".join(pieces) if WILDCARD in core and has_letters else ""


def phrase_of(word: str) -> str:
    """Return the folded tokens of a line, with spaces around each."""
    marked = _ASTERISKS.sub(lambda run: WILDCARD if run[0] == "*" else run[0].lstrip("\\"), word)
    return f" {' '.join(_TOKEN_OF_WORD.findall(folded(marked)))} "


def core_of(phrase: str) -> str:
    """Return a phrase without the wildcards at its ends: what is around them does not matter."""
    return phrase.removeprefix(f" {WILDCARD}").removesuffix(f"{WILDCARD} ")
