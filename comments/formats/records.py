"""What importers of JSON and tables share: rows of comments that name their page."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from comments.formats import rows
from comments.formats.files import ImportFile
from comments.formats.items import (
    ImportedComment,
    ImportedThread,
    ImportProblem,
    ImportSkipped,
    Item,
)
from comments.formats.json_values import values
from comments.status import Status

Row = TypeVar("Row")
# A comment with its page, or why it is left out.
Entry = tuple[ImportedThread, ImportedComment] | ImportSkipped


def documents(source: ImportFile, path: str = "") -> Iterator[Any]:
    """Yield the values of a JSON file: those of its arrays, those at a path, or its documents.

    A file may hold several documents one after another, as tools write them that fetch page by
    page. Raises UnreadableFile.
    """
    is_array = source.head().lstrip().startswith(b"[")
    with source.open() as stream:
        for found in values(stream, "item" if is_array else path, many_documents=True):
            # Pages of an API that were fetched one by one, and put into one array.
            yield from found if isinstance(found, list) and is_array else [found]


def items(located: Iterable[tuple[str, Row]], convert: Callable[[Row], Entry]) -> Iterator[Item]:
    """Yield the comments of rows, and each page before its first comment."""
    seen: set[str] = set()
    for location, row in located:
        found = rows.guarded(location, convert, row)
        if isinstance(found, ImportProblem | ImportSkipped):
            yield found
            continue
        page, comment = found
        if page.key not in seen:
            seen.add(page.key)
            yield page
        yield comment


def located(found: Iterable[Any], *names: str) -> Iterator[tuple[str, Any]]:
    """Yield rows with their locations: the first of these fields, or else the number of the row."""
    for number, row in enumerate(found, 1):
        fields = row if isinstance(row, dict) else {}
        name = next((str(fields[name]) for name in names if fields.get(name)), str(number))
        yield f"comment {name[:100]}", row


def string(row: Any, *names: str) -> str:
    """Return the first of these fields that is not empty, as text, or ""."""
    found = (row.get(name) for name in names)
    return next((str(value).strip() for value in found if value not in (None, "")), "")


def status(states: Mapping[str, Status], value: str) -> Status:
    """Return the status that a word of a system stands for. Raises ValueError for another word."""
    found = states.get(value)
    if found is None:
        raise ValueError(f"its state “{value[:50]}” is not known")
    return found


def yes(value: Any) -> bool:
    """Return whether a field says yes, in whichever way."""
    return str(value).strip().lower() in ("true", "1", "1.0", "yes", "t")


def child(row: Any, name: str) -> Any:
    """Return the object in a field, an empty one where there is none."""
    value = row.get(name)
    return value if isinstance(value, dict) else {}
