"""Compile the patterns of a word list, search for all of them in one pass, and bound their cost.

RE2 takes time linear in the text whatever the pattern is, but the factor is at worst the size of
the compiled patterns: one instruction takes some 4 ns for each character. So the sum of the sizes
has a limit, which holds whatever text comes. A pattern may be slow long before it is large, so the
list is also tried on a sample, against a pattern that is known to be slow: at the same moment, so
that a busy machine refuses no good list.
"""

from collections.abc import Iterable, Iterator, Sequence
from random import Random
from time import thread_time
from typing import Any

import re2

# Memory for compiling one pattern, and for a set of them, in bytes.
PATTERN_MEMORY, SET_MEMORY = 1 << 20, 4 << 20
# In all patterns of a site: five hundred of some forty letters each.
MOST_INSTRUCTIONS = 20_000
# What they may cost, as a multiple of the slow pattern.
MOST_SLOW_PATTERNS = 4
SLOW_PATTERN = "(a|b|[cd])*[a-c]+(x|[a-h ]){30,60}q0z"
# The sample has so many blocks of so many characters for each of the largest patterns.
SAMPLED, SAMPLE_BLOCKS, BLOCK_LENGTH = 10, 10, 100
NAMED = 3


class InvalidWord(ValueError):
    """A line, or a list, is not usable; the message says which, and why."""


class TooCostly(InvalidWord):
    """Every line is usable, but all together take too long; the message names the costliest."""


class PatternSet:
    """Patterns that are searched for in one pass, each with its line."""

    def __init__(self, patterns: Iterable[tuple[str, str]]) -> None:
        self._lines: list[str] = []
        self._set = re2.Set.SearchSet(options(SET_MEMORY))
        for pattern, line in patterns:
            self._set.Add(pattern)
            self._lines.append(line)
        if self._lines:
            self._set.Compile()

    def matches(self, text: str) -> Iterator[str]:
        """Yield the lines whose patterns match a text."""
        for index in (self._set.Match(text) or ()) if self._lines else ():
            yield self._lines[index]

    def size(self) -> int:
        """Return the memory that it may take, in bytes."""
        return SET_MEMORY if self._lines else 0


def options(memory: int) -> Any:
    """Return RE2's options: letters of either case, no log, so much memory in bytes."""
    chosen = re2.Options()
    chosen.case_sensitive, chosen.log_errors, chosen.max_mem = False, False, memory
    return chosen


def compiled(pattern: str, line: str) -> Any:
    """Return the compiled pattern of a line. Raises InvalidWord."""
    try:
        program = re2.compile(pattern, options(PATTERN_MEMORY))
    except re2.error as error:
        message = error.args[0]
        reason = message.decode(errors="replace") if isinstance(message, bytes) else message
        raise InvalidWord(f"The pattern {line} can't be used: {reason}.") from None
    if program.search(""):
        raise InvalidWord(
            f"The pattern {line} is found in every comment: it matches nothing at all."
        )
    return program


def check(patterns: Sequence[tuple[str, str]]) -> None:
    """Raise InvalidWord for the first unusable pattern, TooCostly where all cost too much.

    `patterns` are RE2 patterns, each with its line; one that is there twice is searched for twice.
    """
    try:
        sizes = _sizes(patterns)
    finally:
        # RE2's wrapper keeps what it compiled.
        re2.purge()
    largest = _costliest(zip((line for _, line in patterns), sizes, strict=False))
    if sum(sizes) > MOST_INSTRUCTIONS:
        raise _too_costly("too large", largest)
    sample = _sample(largest[:SAMPLED])
    if not sizes:
        return
    cost = _cost((pattern for pattern, _ in patterns), sample)
    if cost > MOST_SLOW_PATTERNS * _cost_of_slow_pattern():
        costs = ((line, _cost([pattern], sample)) for pattern, line in patterns)
        raise _too_costly("too slow", _costliest(costs))


def _sizes(patterns: Iterable[tuple[str, str]]) -> list[int]:
    """Return the numbers of RE2's instructions, up to where they are far too many in sum."""
    sizes: list[int] = []
    total = 0
    for pattern, line in patterns:
        sizes.append(compiled(pattern, line).programsize)
        total += sizes[-1]
        if total > 10 * MOST_INSTRUCTIONS:
            break
    return sizes


def _costliest(costs: Iterable[tuple[str, float]]) -> list[str]:
    """Return the lines by their costs, each once."""
    return list(dict.fromkeys(line for line, _ in sorted(costs, key=lambda pair: -pair[1])))


def _too_costly(what: str, lines: Sequence[str]) -> TooCostly:
    named = ", ".join(lines[:NAMED])
    reason = f"{what} together to be searched for in every comment"
    return TooCostly(f"The patterns are {reason}. Shorten the costliest lines: {named}.")


def _cost_of_slow_pattern() -> float:
    return _cost([SLOW_PATTERN], _sample(f"{SLOW_PATTERN}{n}" for n in range(SAMPLED)))


def _cost(patterns: Iterable[str], sample: str) -> float:
    """Return the CPU seconds that one pass over a sample takes."""
    searched = PatternSet((pattern, pattern) for pattern in patterns)
    start = thread_time()
    for _ in searched.matches(sample):
        pass
    return thread_time() - start


def _sample(lines: Iterable[str]) -> str:
    """Return a text of blocks of few letters each, on which patterns with counts are slow.

    The blocks of a line depend on nothing but the line.
    """
    blocks = []
    for line in lines:
        random = Random(line)  # noqa: S311 - no secret
        letters = sorted({c for c in line if c.isalnum()} | set("ab "))
        for number in range(SAMPLE_BLOCKS):
            few = random.sample(letters, k=min(len(letters), 2 + number % 3))
            blocks.append("".join(random.choices(few, k=BLOCK_LENGTH)))
    return "".join(blocks)
