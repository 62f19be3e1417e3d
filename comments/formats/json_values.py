"""Read JSON value by value or line by line, in bounded memory and to a bounded depth."""

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any, NamedTuple

from ijson.backends import python as ijson
from ijson.common import JSONError

from comments.formats.files import UnreadableFile

# The parser in Python reads 20 MB a second, as much as is needed here. That in C is no parser for a
# file of strangers: half of a surrogate pair ends it, a number of many digits ends the process.
# No format that is read here nests deeper than ten levels. ijson's memory grows with the square
# of the depth, so that a small file of brackets alone could use up all of it.
MAX_DEPTH = 64
MAX_LINE_BYTES = 4 * 1024 * 1024
# The longest string or number of a document, in bytes: the parser's time grows with its square.
MAX_VALUE_BYTES = 4 * 1024 * 1024
# The longest number of a document that is read in one piece, in digits: Python's own limit would
# end the whole document at a number that is one row's fault.
MAX_DIGITS = 50_000


class Line(NamedTuple):
    """A line of a file, numbered from 1; `content` is None where it is longer than the limit."""

    number: int
    content: bytes | None


def lines(stream: IO[bytes], *, first: int = MAX_LINE_BYTES) -> Iterator[Line]:
    """Yield the lines of a file; `first` is the limit of the first one, in bytes."""
    number, limit = 0, first
    while content := stream.readline(limit):
        number += 1
        is_whole = len(content) < limit or content.endswith(b"\n")
        while not is_whole and (rest := stream.readline(MAX_LINE_BYTES)):
            is_whole = rest.endswith(b"\n")
            content = b""
        yield Line(number, content or None)
        limit = MAX_LINE_BYTES


def parse_object(line: Line) -> dict[str, Any]:
    """Return the JSON object of a line. Raises ValueError."""
    if line.content is None:
        raise ValueError(f"it is longer than {MAX_LINE_BYTES:,} bytes")
    try:
        value = json.loads(line.content)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None
    if not isinstance(value, dict):
        raise ValueError("it is no object")
    return value


def values(stream: IO[bytes], path: str, *, many_documents: bool = False) -> Iterator[Any]:
    """Yield each value at a path of a JSON document, such as `comments.item`.

    With `many_documents` the stream may hold several documents, one after another. Numbers with a
    fraction are Decimals. Raises UnreadableFile for what is no JSON, is not UTF-8,
    nests deeper than 64 levels, has a number of more than 50,000 digits or a longer value than
    4 MiB.
    """
    metered = _MeteredStream(stream)
    try:
        events = ijson.basic_parse(metered, multiple_values=many_documents)
        yield from ijson.items(ijson.parse(_limited(events, metered)), path)
    except UnreadableFile:
        raise
    except (JSONError, ValueError, ArithmeticError) as error:
        raise UnreadableFile(f"This is no JSON that can be imported: {error}") from None


class _MeteredStream:
    """A stream that counts the bytes since the parser has last found something in them.

    The parser forgets what it has read only where a piece ends between two values, so pieces end
    there as a rule.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.unparsed, self.rest = stream, 0, b""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes. Raises UnreadableFile in the midst of a value without end."""
        if self.unparsed > MAX_VALUE_BYTES:
            raise UnreadableFile(f"The file has a value of more than {MAX_VALUE_BYTES:,} bytes.")
        read = self.stream.read(size)
        piece, self.rest = self.rest + read, b""
        if read and (end := max(piece.rfind(b'",'), piece.rfind(b"},"))) >= 0:
            piece, self.rest = piece[: end + 2], piece[end + 2 :]
        self.unparsed += len(piece)
        return piece


def _limited(
    events: Iterable[tuple[str, Any]], stream: _MeteredStream
) -> Iterator[tuple[str, Any]]:
    depth = 0
    for event in events:
        stream.unparsed = 0
        if event[0] in ("start_map", "start_array"):
            depth += 1
            if depth > MAX_DEPTH:
                raise UnreadableFile(f"The file nests deeper than {MAX_DEPTH} levels.")
        elif event[0] in ("end_map", "end_array"):
            depth -= 1
        yield event
