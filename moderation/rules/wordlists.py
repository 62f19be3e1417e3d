"""Match word lists: words and phrases, `*` for any letters, and RE2 patterns between slashes.

Pure. A text is split into tokens, so that only whole words match; where a script has no spaces
between words, a word is found inside of the others. Two asterisks or more, and one behind a
backslash, are asterisks: `f***` is found as it is written. Words and phrases are looked up in
dictionaries, phrases by their length, and all patterns are searched for by one RE2 set: each takes
time linear in the text, however long the list is.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from sys import getsizeof
from threading import Lock

import re2

from moderation.rules import ordinary_comments, wordlist_patterns
from moderation.rules.word_forms import WILDCARD, folded, forms
from moderation.rules.wordlist_lines import (
    TOKEN,
    core_of,
    is_pattern,
    pattern_of,
    patterns_of,
    phrase_of,
)
from moderation.rules.wordlist_patterns import InvalidWord as InvalidWord
from moderation.rules.wordlist_patterns import PatternSet, compiled
from moderation.rules.wordlist_patterns import TooCostly as TooCostly

LONGEST_WORD = 200
MOST_WORDS, MOST_PATTERNS = 10_000, 500
# In all lines of a list.
MOST_CHARACTERS = 200_000
# Memory for all compiled lists of a process, in bytes.
CACHE_MEMORY = 64 << 20
# A line that is found in so many of the ordinary comments is a mistake, as is one that is found in
# so large a share of those of one language.
MOST_ORDINARY = len(ordinary_comments.COMMENTS) // 4
MOST_OF_LANGUAGE = 0.75

# Scripts that are written without spaces between words; a run of Katakana is a word by itself.
_UNSPACED = re2.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ー\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar} ]+")
_KATAKANA = re2.compile(r"[\p{Katakana}ー]")
# Korean puts particles behind its words.
_HANGUL = re2.compile(r"\p{Hangul}+")


def check(words: Sequence[str]) -> None:
    """Raise InvalidWord for the first unusable line, and for a list that costs too much."""
    if len(words) > MOST_WORDS:
        raise InvalidWord(f"A list has {MOST_WORDS} lines at most, and these are {len(words)}.")
    if (patterns := sum(map(is_pattern, words))) > MOST_PATTERNS:
        raise InvalidWord(f"A list has {MOST_PATTERNS} patterns at most, and these are {patterns}.")
    for word in words:
        if len(word) > LONGEST_WORD:
            raise InvalidWord(f"“{word[:40]}…” is longer than {LONGEST_WORD} characters.")
        if not is_pattern(word) and not TOKEN.search(word.replace("*", "")):
            raise InvalidWord(f"“{word}” would be found in every comment: write a letter at least.")
        if not is_pattern(word) and not TOKEN.search(folded(word.replace("*", "x"))):
            raise InvalidWord(f"“{word}” has nothing that is seen: write a letter at least.")
    if (characters := sum(map(len, words))) > MOST_CHARACTERS:
        raise InvalidWord(
            f"A list has {MOST_CHARACTERS} characters at most, and these are {characters}."
        )
    wordlist_patterns.check(patterns_of(words))
    _check_selective(words)


def _check_selective(lines: Sequence[str]) -> None:
    """Raise InvalidWord for the first of these lines that is found in many calm comments."""
    matcher = _Matcher(lines)
    samples = [(ordinary_comments.COMMENTS, MOST_ORDINARY)] + [
        (comments, ceil(MOST_OF_LANGUAGE * len(comments)))
        for comments in ordinary_comments.BY_LANGUAGE.values()
    ]
    for comments, most in samples:
        hits: dict[str, list[str]] = {}
        for comment in comments:
            for line in set(matcher.matches(comment)):
                hits.setdefault(line, []).append(comment)
        for line, found in hits.items():
            if len(found) >= most:
                raise InvalidWord(
                    f"“{line[:40]}” would be found in ordinary comments: “{found[0]}”"
                )


def check_together(lists: Iterable[Sequence[str]]) -> None:
    """Raise TooCostly where lists that are usable one by one cost too much in sum.

    All lists of a site are searched for in each of its comments.
    """
    wordlist_patterns.check([pair for words in lists for pair in patterns_of(words)])


def find(words: tuple[str, ...], texts: Iterable[str]) -> list[str]:
    """Return the lines of a list that match any of the texts, sorted.

    Lines that `check` refuses by themselves never match.
    """
    matcher = _cache.get(words)
    return sorted({word for text in set(texts) for word in matcher.matches(text)})


class _Matcher:
    """A compiled list: single words by token, phrases to search for, and patterns."""

    def __init__(self, words: Iterable[str]) -> None:
        self._tokens: dict[str, list[str]] = {}
        # Phrases by whether they begin with a word, then by length.
        self._phrases: dict[bool, dict[int, dict[str, list[str]]]] = {True: {}, False: {}}
        self._characters = 0
        wildcards: list[tuple[str, str]] = []
        patterns: list[tuple[str, str]] = []
        for word in words:
            self._characters += getsizeof(word)
            if pattern := pattern_of(word):
                if _is_usable(pattern, word):
                    (patterns if is_pattern(word) else wildcards).append((pattern, word))
            else:
                self._add(word)
        self._wildcards, self._patterns = PatternSet(wildcards), PatternSet(patterns)

    def matches(self, text: str) -> Iterator[str]:
        """Yield the lines that match a text."""
        yield from self._patterns.matches(text)
        for form in set(forms(text)):
            yield from self._matches_form(form)

    def _matches_form(self, form: str) -> Iterator[str]:
        tokens = TOKEN.findall(form)
        for token in self._tokens.keys() & set(tokens):
            yield from self._tokens[token]
        joined = f" {' '.join(tokens)} "
        for core, word in self._phrases_in(joined):
            if not _KATAKANA.search(core) or _stands_alone(core, joined):
                yield word
        yield from self._wildcards.matches(joined)

    def size(self) -> int:
        """Return the memory that it may take, in bytes, roughly."""
        return 4 * self._characters + self._wildcards.size() + self._patterns.size()

    def _add(self, word: str) -> None:
        phrase = phrase_of(word)
        core = core_of(phrase)
        if not core.strip(f" {WILDCARD}"):
            return
        inner = core.strip()
        if core == phrase and _UNSPACED.fullmatch(inner):
            self._add_phrase(inner, word)
        elif core == phrase and _HANGUL.fullmatch(inner):
            self._add_phrase(f" {inner}", word)
        elif core == phrase and " " not in inner:
            self._tokens.setdefault(inner, []).append(word)
        else:
            self._add_phrase(core, word)

    def _add_phrase(self, core: str, word: str) -> None:
        of_length = self._phrases[core.startswith(" ")].setdefault(len(core), {})
        of_length.setdefault(core, []).append(word)

    def _phrases_in(self, joined: str) -> Iterator[tuple[str, str]]:
        """Yield the phrases in a text with their lines; a length takes one pass over it."""
        for at_word, by_length in self._phrases.items():
            if not by_length:
                continue
            starts = (
                [i for i, c in enumerate(joined) if c == " "] if at_word else range(len(joined))
            )
            for length, phrases in by_length.items():
                pieces = {joined[start : start + length] for start in starts}
                for phrase in phrases.keys() & pieces:
                    yield from ((phrase, line) for line in phrases[phrase])


class _MatcherCache:
    """The matchers that were used last, as many as fit into so many bytes."""

    def __init__(self, memory: int) -> None:
        self._memory, self.used = memory, 0
        self._matchers: OrderedDict[tuple[str, ...], _Matcher] = OrderedDict()
        self._lock = Lock()

    def get(self, words: tuple[str, ...]) -> _Matcher:
        """Return the matcher of a list, compiled now if need be."""
        with self._lock:
            if words in self._matchers:
                self._matchers.move_to_end(words)
                return self._matchers[words]
        matcher = _Matcher(words)
        with self._lock:
            if words not in self._matchers:
                self._matchers[words] = matcher
                self.used += matcher.size()
            while self.used > self._memory:
                _, oldest = self._matchers.popitem(last=False)
                self.used -= oldest.size()
        return matcher


_cache = _MatcherCache(CACHE_MEMORY)


def _stands_alone(core: str, joined: str) -> bool:
    """Return whether a phrase with Katakana is somewhere no part of a longer run of them."""
    at = joined.find(core)
    while at >= 0:
        before, after = joined[at - 1 : at], joined[at + len(core) : at + len(core) + 1]
        is_part = (_KATAKANA.search(before) and _KATAKANA.search(core[0])) or (
            _KATAKANA.search(after) and _KATAKANA.search(core[-1])
        )
        if not is_part:
            return True
        at = joined.find(core, at + 1)
    return False


def _is_usable(pattern: str, word: str) -> bool:
    try:
        compiled(pattern, word)
    except InvalidWord:
        return False
    return True
