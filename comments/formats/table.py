"""Import a table of comments: CSV, with the columns that its owner names or that are recognised."""

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, cast

from comments.formats import markup, records, text, times
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment, ImportedThread, ImportSkipped, Item
from comments.formats.records import Entry
from comments.formats.table_columns import (
    ABSENT,
    COLUMNS,
    NEEDED,
    NO_PARENT,
    READERS_TYPES,
    InvalidColumns,
    flags,
    has_needed,
    parse_columns,
    recognised,
    status_of,
)
from comments.status import Status

__all__ = ["COLUMNS", "InvalidColumns", "matches", "parse_columns", "read"]

READERS: Mapping[str, Callable[[str], str]] = {
    "text": markup.from_text,
    "html": markup.from_html,
    "markdown": markup.from_markdown,
}
DELIMITERS = ",;\t|"
# The first line by which spreadsheets are told the delimiter.
DECLARED = re.compile(r'"?sep=(.)"?\s*')
# The longest cell, in characters.
MAX_CELL = 4 * 1024 * 1024
# Blank lines before the names of the columns.
MAX_BLANK = 20
# MySQL and others write a quotation mark as `\"`. Where marks are doubled, the mark behind a
# backslash ends its cell.
ESCAPED_MARK = re.compile(r'\\"[^",;\t|\r\n]')


@dataclass
class _Dialect:
    """How the cells of a table are written; `first` is the line with the names of its columns."""

    first: str
    delimiter: str
    escape: str | None
    # The lines before the first, which are counted as well.
    before: int

    def reader(self, lines: Iterable[str], *, strict: bool = False) -> Any:
        """Return a reader of lines."""
        return csv.reader(lines, delimiter=self.delimiter, escapechar=self.escape, strict=strict)


@dataclass
class _Lines:
    """The lines of a table; `row` has those since it was last emptied."""

    lines: Iterator[str]
    row: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        for line in self.lines:
            self.row.append(line)
            yield line


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a table with the needed columns."""
    sample = head.decode("utf-8", "replace")
    lines = io.StringIO(sample, newline="")
    try:
        dialect = _dialect(lines, sample)
        return has_needed(next(dialect.reader(chain([dialect.first], lines)), []))
    except csv.Error:
        return False


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments. Raises UnreadableFile."""
    csv.field_size_limit(MAX_CELL)
    sample = source.head().decode("utf-8", "replace")
    with source.open() as stream:
        file = io.TextIOWrapper(cast(Any, stream), encoding="utf-8", newline="")
        dialect = _dialect(file, sample)
        lines = _Lines(chain([dialect.first], iter(file)))
        yield from records.items(_located(dialect, lines, source), lambda row: _entry(row, source))


def _dialect(lines: Any, sample: str) -> _Dialect:
    """Read the lines up to the names of the columns, and see how they are written."""
    first, declared, before = lines.readline(MAX_CELL), "", 0
    while first and before < MAX_BLANK and (not first.strip() or DECLARED.fullmatch(first)):
        if found := DECLARED.fullmatch(first):
            declared = found[1]
        first, before = lines.readline(MAX_CELL), before + 1
    escape = "\\" if ESCAPED_MARK.search(sample) else None
    return _Dialect(first, declared or max(DELIMITERS, key=first.count), escape, before)


def _columns(names: list[str], source: ImportFile) -> dict[str, int]:
    """Return the number of the column of each field. Raises UnreadableFile."""
    chosen = dict(source.options.columns)
    if missing := [name for name in chosen.values() if name not in names]:
        raise UnreadableFile(f"The table has no column “{missing[0]}” in its first line.")
    found = {each: chosen.get(each) or recognised(each, names) for each in COLUMNS}
    if missing := [each for each in NEEDED if not found[each]]:
        raise UnreadableFile(f"Say which column of the table is the {missing[0]} of a comment.")
    return {each: names.index(name) for each, name in found.items() if name}


def _located(
    dialect: _Dialect, lines: _Lines, source: ImportFile
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows with their lines: the fields of each, and under "flags" who may see it."""
    reader = dialect.reader(lines)
    try:
        names: list[str] = next(reader, [])
        columns = _columns(names, source)
        flag_columns = {
            name: names.index(name) for name in flags(names, [names[n] for n in columns.values()])
        }
        while True:
            lines.row.clear()
            cells = next(reader, None)
            if cells is None:
                return
            _require_end(dialect, lines.row)
            if any(cell.strip() for cell in cells):
                row: dict[str, Any] = _cells(cells, columns)
                yield (
                    f"line {dialect.before + reader.line_num}",
                    {**row, "flags": _cells(cells, flag_columns)},
                )
    except csv.Error as error:
        line = dialect.before + max(1, reader.line_num - len(lines.row) + 1)
        raise UnreadableFile(f"The table can't be read at line {line}: {error}") from None


def _cells(cells: list[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {name: cells[at].strip() for name, at in columns.items() if at < len(cells)}


def _require_end(dialect: _Dialect, row: list[str]) -> None:
    """Raise csv.Error where the quotation of a row of several lines never ends.

    Without that the rest of the file would be the text of that one comment.
    """
    if len(row) > 1:
        last: Any = dialect.reader(row, strict=True)
        try:
            next(last)
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise csv.Error("a quotation mark has no end") from None


def _entry(row: Mapping[str, Any], source: ImportFile) -> Entry:
    kind = row.get("type", "").lower()
    if kind not in (*READERS_TYPES, *ABSENT, *source.options.also):
        return ImportSkipped(f"comment {row.get('id', '')}", kind)
    url = source.absolute_url(row.get("page", ""))
    page = ImportedThread(
        key=url, url=text.http_url(url), title=text.plain_text(_value(row, "title"))
    )
    status = status_of(row.get("status", ""), row["flags"])
    body = READERS[source.options.text_format](row.get("body", ""))
    if not body and status is not Status.DELETED:
        raise ValueError("it has no text")
    parent = _value(row, "parent")
    comment = ImportedComment(
        source_id=_value(row, "id") or _id(row),
        page=page.key,
        parent="" if parent.lower() in NO_PARENT else parent,
        created_at=times.moment(row.get("created_at")),
        body=body,
        status=status,
        author_name=text.plain_text(_value(row, "author_name")),
        author_email=text.email_address(_value(row, "author_email")),
        author_url=text.http_url(_value(row, "author_url")),
        address=_value(row, "address"),
    )
    return page, comment


def _value(row: Mapping[str, Any], name: str) -> str:
    """Return a field, "" for what a database writes where there is nothing."""
    value = str(row.get(name, ""))
    return "" if value in ABSENT else value


def _id(row: Mapping[str, Any]) -> str:
    """Return an id for a row without one: the same in each import."""
    content = "\x00".join(row.get(name, "") for name in COLUMNS)
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:32]
