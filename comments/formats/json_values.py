"""Read JSON value by value, in bounded memory and to a bounded depth."""

from collections.abc import Iterable, Iterator
from typing import IO, Any

import ijson

from comments.formats.files import UnreadableFile

# No format that is read here nests deeper than ten levels. ijson's memory grows with the square
# of the depth, so that a small file of brackets alone could use up all of it.
MAX_DEPTH = 64


def values(stream: IO[bytes], path: str, *, many_documents: bool = False) -> Iterator[Any]:
    """Yield each value at a path of a JSON document, such as `comments.item`.

    With `many_documents` the stream may hold several documents, one after another. Numbers with a
    fraction are floats. Raises UnreadableFile for what is no JSON, is not UTF-8, nests deeper than
    64 levels, or has an integer of more than 64 bits.
    """
    try:
        events = ijson.basic_parse(stream, multiple_values=many_documents, use_float=True)
        yield from ijson.items(ijson.parse(_limit_depth(events)), path)
    except UnreadableFile:
        raise
    except (ijson.JSONError, ValueError) as error:
        reason = error.args[0] if error.args else ""
        # The parser in C hands its message out as bytes.
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(error)
        raise UnreadableFile(f"This is no JSON that can be imported: {reason}") from None


def _limit_depth(events: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    depth = 0
    for event in events:
        if event[0] in ("start_map", "start_array"):
            depth += 1
            if depth > MAX_DEPTH:
                raise UnreadableFile(f"The file nests deeper than {MAX_DEPTH} levels.")
        elif event[0] in ("end_map", "end_array"):
            depth -= 1
        yield event
