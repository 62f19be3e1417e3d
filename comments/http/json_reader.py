"""Read JSON within limits: the one reader for every request body.

What a parser must do for a body grows with more than its size: with its depth, the digits of its
numbers, the number of its values. Each has a limit here, which is checked in linear time before
anything is built.
"""

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from math import isinf
from typing import IO, Any, Never

from comments.formats.items import UNSTORABLE

MAX_DEPTH = 32
# The largest body that makes sense: two word lists of 10,000 lines, or 1,000 texts of 8 fields.
MAX_VALUES = 50_000
# Databases have integers of 64 bits, and no clock or scale writes more than 17 digits.
MAX_NUMBER_LENGTH = 100
MAX_INTEGER = 2**63 - 1
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# A string that is not closed counts to the end, so that nothing is looked at twice.
_STRING = re.compile(r'"(?:[^"\\]++|\\(?:.|\Z))*+(?:"|\Z)', re.DOTALL)
_NO_BRACKETS = re.compile(r"[^\[\]{}]++")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class InvalidJSON(ValueError):
    """The body is no JSON that is accepted here; the message says why."""


class TooMuchJSON(InvalidJSON):
    """The body has more bytes or values than are accepted."""


class LoneSurrogate(InvalidJSON):
    """A string has half of a surrogate pair; `path` leads to it."""

    def __init__(self, path: tuple[str, ...]) -> None:
        super().__init__("A string has half of a character (a lone surrogate).")
        self.path = path


def read_bounded(stream: IO[bytes], limit: int) -> bytes:
    """Return a stream's bytes; raise TooMuchJSON for more than `limit` of them."""
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise TooMuchJSON(f"A request may have {limit} bytes at most.")
    return body


def parse(body: bytes, *, replace_unstorable: bool = False) -> Any:
    """Return the parsed body, in UTF-8, UTF-16 or UTF-32 as RFC 4627 has it.

    A lone surrogate is refused, or replaced by U+FFFD like NUL. Raises InvalidJSON.
    """
    return parse_text(decode(body), replace_unstorable=replace_unstorable)


def decode(body: bytes) -> str:
    """Return the text of a body. Raises InvalidJSON."""
    try:
        return body.decode(json.detect_encoding(body))
    except UnicodeDecodeError:
        raise InvalidJSON("This is not text in UTF-8.") from None


def parse_text(text: str, *, replace_unstorable: bool = False) -> Any:
    """Return the parsed text; see `parse`."""
    _check_structure(text)
    try:
        value = json.loads(text, parse_int=_int, parse_float=_float, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise InvalidJSON(f"JSON parse error - {error}") from None
    # Only an escape can make one: raw ones are not decoded.
    if "\\u" not in text:
        return value
    if replace_unstorable:
        return _without_unstorable(value)
    if (path := next(_lone_surrogates(value, ()), None)) is not None:
        raise LoneSurrogate(path)
    return value


def _check_structure(text: str) -> None:
    bare = _STRING.sub("", text)
    brackets = _NO_BRACKETS.sub("", bare)
    depths = accumulate(1 if bracket in "[{" else -1 for bracket in brackets)
    if any(depth > MAX_DEPTH for depth in depths):
        raise InvalidJSON("JSON parse error - nested too deeply")
    if bare.count(",") + brackets.count("[") + brackets.count("{") > MAX_VALUES:
        raise TooMuchJSON(f"A request may have {MAX_VALUES} values at most.")


def _int(digits: str) -> int:
    if len(digits) > MAX_NUMBER_LENGTH or abs(number := int(digits)) > MAX_INTEGER:
        raise InvalidJSON("A number is too large.")
    return number


def _float(digits: str) -> float:
    if len(digits) > MAX_NUMBER_LENGTH or isinf(number := float(digits)):
        raise InvalidJSON("A number is too large.")
    return number


def _refuse(constant: str) -> Never:
    raise InvalidJSON(f"JSON has no {constant}.")


def _without_unstorable(value: Any) -> Any:
    if isinstance(value, str):
        return UNSTORABLE.sub(REPLACEMENT, value)
    if isinstance(value, list):
        return [_without_unstorable(item) for item in value]
    if isinstance(value, dict):
        return {_without_unstorable(k): _without_unstorable(v) for k, v in value.items()}
    return value


def _lone_surrogates(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the path to each string, or to each object with a key, that has a lone surrogate."""
    if isinstance(value, str) and _LONE_SURROGATE.search(value):
        yield path
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _lone_surrogates(item, (*path, str(index)))
    elif isinstance(value, dict):
        for key, item in value.items():
            if _LONE_SURROGATE.search(key):
                yield path
            yield from _lone_surrogates(item, (*path, key))
