"""The process that parses one file: `python -m comments.formats.sandbox`.

It has neither settings nor database nor secrets. It reads from standard input what to parse, and
writes messages to standard output.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import IO, Any

from comments.formats import formats, json_values, native, rows
from comments.formats.addresses import AddressMap
from comments.formats.files import WHOLE_FILE, ImportFile, UnreadableFile
from comments.formats.items import (
    ImportedComment,
    ImportedThread,
    ImportNote,
    ImportProblem,
    Item,
)
from comments.formats.markup.visible import rendered
from comments.formats.options import ImportOptions
from comments.formats.repeats import Repeats
from comments.formats.sandbox import limits
from comments.formats.sandbox.messages import End, Found, Message, Read, Refused, encode

# The most items of one file: threads, comments and problems together.
MAX_ITEMS = 10_000_000
ITEMS_PER_PROGRESS = 100


def main(options: Mapping[str, Any], out: IO[bytes]) -> None:
    """Parse a file within the limits, and write what it holds."""
    limits.confine(cpu_seconds=options["cpu_seconds"], parent=options["parent"])
    rows.limit_time()
    sys.set_int_max_str_digits(json_values.MAX_DIGITS)
    chosen = ImportOptions.from_json(options["options"])
    source = ImportFile(Path(options["path"]), options["base_url"], options=chosen)
    try:
        for message in _messages(source, options["format"]):
            out.write(encode(message))
        last: Message = End()
    except UnreadableFile as error:
        last = Refused(str(error))
    except MemoryError:
        last = Refused("The file needs more memory to be read than an import may use.")
    except RecursionError:
        last = Refused("The file nests too deep to be read.")
    except Exception as error:
        last = Refused(f"The file can't be read ({type(error).__name__}).")
    out.write(encode(last))
    out.flush()


def _messages(source: ImportFile, name: str) -> Iterator[Message]:
    name, reader = formats.detect_format(source, name)
    yield Found(name)
    numbers = count(1)
    repeats = Repeats(ids_are_fixed=name == native.NAME)
    addressed = _noted(AddressMap(source.options).apply(reader.read(source)))
    for item in repeats.apart(_in_order(addressed)):
        if (number := next(numbers)) > MAX_ITEMS:
            raise UnreadableFile(f"A file may have {MAX_ITEMS:,} rows at most: split it.")
        yield _rendered(item) if isinstance(item, ImportedComment) else item
        if number % ITEMS_PER_PROGRESS == 0:
            yield Read(reader.fraction_read(source))
    for place, what in source.damage.items():
        is_whole = place == WHOLE_FILE
        yield ImportNote(place, what if is_whole else f"the file is damaged here: {what}")


def _noted(items: Iterator[Item]) -> Iterator[Item]:
    """Yield the items, and say what is odd about all of them together."""
    has_comments = has_paths = False
    for item in items:
        has_comments = has_comments or not isinstance(item, ImportedThread | ImportNote)
        if isinstance(item, ImportedThread) and item.key.startswith("/") and not has_paths:
            has_paths = True
            yield ImportNote(
                f"page {item.key}",
                "the file has paths of pages alone: with --base-url, the address of their site, "
                "comments come to the pages where readers see them",
            )
        yield item
    if not has_comments:
        yield ImportNote(WHOLE_FILE, "no comment was found in it")


def _in_order(items: Iterator[Item]) -> Iterator[Item]:
    """Yield each thread before its first comment, so that nobody need remember all threads."""
    waiting: dict[str, ImportedThread] = {}
    for item in items:
        if isinstance(item, ImportedThread):
            waiting[item.key] = item
            continue
        if isinstance(item, ImportedComment) and item.page in waiting:
            yield waiting.pop(item.page)
        yield item


def _rendered(comment: ImportedComment) -> ImportedComment | ImportProblem:
    return rows.guarded(f"comment {comment.source_id}", _with_html, comment)


def _with_html(comment: ImportedComment) -> ImportedComment:
    # Markdown of nothing, such as a comment of `<br>`, is no HTML: the text stands for it.
    return replace(comment, body_html=rendered(comment.body) or (comment.body and "<p></p>"))


if __name__ == "__main__":
    main(json.load(sys.stdin), sys.stdout.buffer)
