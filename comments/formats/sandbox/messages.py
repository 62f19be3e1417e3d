"""The lines in which the parsing process says what it found: a JSON array each.

Whoever reads them trusts nothing: a line that is not of a known kind, type and length is refused.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from comments.formats.items import (
    MAX_BODY,
    TIMES,
    ImportedComment,
    ImportedThread,
    ImportNote,
    ImportProblem,
    ImportSkipped,
    Item,
)
from comments.status import Status

# The longest line, in bytes. The longest comment has its text twice, once as HTML; JSON takes six
# bytes for a character at most.
MAX_LINE = 2 * 1024 * 1024
MAX_HTML = 10 * MAX_BODY
KINDS: Mapping[str, type[Item]] = {
    "thread": ImportedThread,
    "comment": ImportedComment,
    "problem": ImportProblem,
    "skipped": ImportSkipped,
    "note": ImportNote,
}


class Found(NamedTuple):
    """The first message: the name of the file's format."""

    format: str


class Read(NamedTuple):
    """How much of the file is read, from 0 to 1."""

    fraction: float


class Refused(NamedTuple):
    """The last message for a file that can't be read, or not to its end: why, in a sentence."""

    reason: str


class End(NamedTuple):
    """The last message of a file that was read to its end."""


Message = Item | Found | Read | Refused | End
SIGNALS: Mapping[str, type[Found | Read | Refused | End]] = {
    "found": Found,
    "read": Read,
    "refused": Refused,
    "end": End,
}


class InvalidMessage(Exception):
    """Raised for a line that no parser of ours writes."""


def encode(message: Message) -> bytes:
    """Return a message as a line."""
    if isinstance(message, Found | Read | Refused | End):
        name = next(name for name, kind in SIGNALS.items() if type(message) is kind)
        return _line(name, message._asdict())
    name = next(name for name, kind in KINDS.items() if type(message) is kind)
    return _line(name, asdict(message))


def decode(line: bytes) -> Message:
    """Return the message of a line. Raises InvalidMessage."""
    try:
        name, values = json.loads(line)
        if name in SIGNALS:
            return _signal(SIGNALS[name](**values))
        return _item(KINDS[name], values)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InvalidMessage(type(error).__name__) from None


def _line(name: str, values: Mapping[str, Any]) -> bytes:
    return json.dumps([name, values], default=datetime.isoformat).encode() + b"\n"


def _signal(message: Found | Read | Refused | End) -> Message:
    if isinstance(message, Found | Refused):
        _require(str, *message)
    elif isinstance(message, Read):
        return Read(min(1.0, max(0.0, float(message.fraction))))
    return message


def _item(kind: type[Item], values: Mapping[str, Any]) -> Item:
    """Return the item with these values, checked by the item itself for lengths and times."""
    fields = {name: _value(name, value) for name, value in values.items()}
    if kind is ImportedComment and fields.get("created_at") is None:
        raise ValueError("a comment without a time")
    item = kind(**fields)
    # A text that comes without its HTML would be rendered by whoever trusts nothing.
    if isinstance(item, ImportedComment) and bool(item.body_html) < bool(item.body):
        raise ValueError("a text without its HTML")
    return item


def _value(name: str, value: Any) -> Any:
    if name in TIMES:
        return None if value is None else datetime.fromisoformat(value)
    if name == "author_verified":
        _require(bool, value)
        return value
    _require(str, value)
    if name == "body_html" and len(value) > MAX_HTML:
        raise ValueError("its HTML is too long")
    return Status(value) if name == "status" else value


def _require(kind: type, *values: Any) -> None:
    if not all(type(value) is kind for value in values):
        raise TypeError(f"{kind.__name__} is expected")
