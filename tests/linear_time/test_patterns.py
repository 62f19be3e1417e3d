"""Every regular expression of ours takes time that grows linearly with a hostile text."""

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.linear_time.growth import MOST_GROWTH, growth, of_length

ROOT = Path(__file__).parent.parent.parent
# What the operator set in the environment, read at the start.
OPERATORS = "config/environment/"
# Where a pattern is made of escaped words at run time: an alternative of literals.
OF_LITERALS = {"moderation/review/people/erasure.py", "ml/identities.py"}
# Repetitions that patterns for words, links, strings, addresses and markup begin to match. Each is
# tried alone and with an end that none of them ends with.
PIECES = (
    *("a", "aa ", "a.", "a-", "a'", "a@", "a_", "A", "1", "0.1", " ", "\t", "\n", " \n", "\r\n"),
    *("\\", '"', '"a', '\\"', "a:", "{", "{a", "[", "[url", "<a", "<", 'href="', 'href="a', "'"),
    *("http://", "http://a", "www.", "://", "@", "a@b.", ",", ";", "!", "...", "*", "**", "\u0301"),
    *(
        "é",
        "я",
        "👍",
        "\x00",
        "\u202e",
        "/api/v1/sites/a",
        "/1.1/?a",
        "/status/",
        "eyJ-",
        "](",
        "sns.a",
        "the ",
        "(",
        "|",
        "4",
        "$",
        "==",
    ),
)
ENDS = ("", "\x01", "!\n")


def sources() -> Iterator[tuple[str, ast.Module]]:
    for package in ("comments", "moderation", "ml", "config"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def uses(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls of functions of `re` that compile a pattern, or search with one."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr not in ("escape", "purge")
        ):
            yield node


def constants(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield the names of a module's compiled patterns, each with the call that compiles it."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            for call in uses(node.value):
                yield node.targets[0].id, call


def patterns() -> Iterator[tuple[str, str]]:
    for path, tree in sources():
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        yield from ((module, name) for name, _ in constants(tree))


def test_every_pattern_is_a_constant_of_its_module_so_that_it_is_tried_here() -> None:
    inside = {
        f"{path}:{call.lineno}"
        for path, tree in sources()
        if path not in OF_LITERALS and not path.startswith(OPERATORS)
        for call in set(uses(tree)) - {call for _, call in constants(tree)}
    }
    assert inside == set()
    assert len(set(patterns())) > 30


def all_matches(pattern: re.Pattern[Any]) -> Callable[[str], object]:
    def search(text: str) -> object:
        read = text.encode() if isinstance(pattern.pattern, bytes) else text
        number = sum(1 for _ in pattern.finditer(read))
        return number, pattern.fullmatch(read), pattern.search(read)

    return search


@pytest.mark.parametrize(("module", "name"), sorted(set(patterns())))
def test_a_pattern_takes_linear_time(module: str, name: str) -> None:
    value = getattr(importlib.import_module(module), name)
    for pattern in [value] if isinstance(value, re.Pattern) else [rule for rule, _ in value]:
        _try(pattern)


def _try(pattern: re.Pattern[Any]) -> None:
    for piece in PIECES:
        for end in ENDS:
            small, large = (of_length(piece, n, end=end) for n in (3000, 12_000))
            grown = growth(all_matches(pattern), small, large)
            assert grown < MOST_GROWTH, f"{piece!r} and {end!r}: {grown:.0f} times"
