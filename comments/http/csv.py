"""Tables as CSV (RFC 4180), safe to open in a spreadsheet."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

# What makes a spreadsheet take a cell for a formula, also after blanks, which some of them drop.
FORMULA = ("=", "+", "-", "@")
BLANKS = re.compile(r"[\s\0\ufeff]*")


class _Echo:
    """A file whose `write` returns the line."""

    def write(self, line: str) -> str:
        return line


def lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield a table line by line; cells that look like formulas are prefixed with an apostrophe."""
    writer = csv.writer(_Echo())
    yield writer.writerow(header)
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
    """Return a table as a streamed download."""
    response = StreamingHttpResponse(lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _harmless(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    # Wide letters, as some keyboards of East Asia type them, are read as the plain ones.
    begins = unicodedata.normalize("NFKC", BLANKS.sub("", cell, count=1)[:1])
    return f"'{cell}" if begins.startswith(FORMULA) else cell
