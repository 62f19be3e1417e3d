"""Read our own format: JSON Lines, described by `docs/export.schema.json`."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from comments.formats import rows, text
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment, ImportedThread, Item
from comments.formats.json_values import Line, lines, parse_object
from comments.status import Status

# Its name among the formats; its ids are those of comments, and stay theirs.
NAME = "native"
FORMAT, VERSION = "leave-a-reply", 1


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of our own export."""
    return head.startswith(b'{"format":"leave-a-reply"')


def read(source: ImportFile) -> Iterator[Item]:
    """Yield threads and comments; an invalid line is an ImportProblem, and reading goes on.

    Raises UnreadableFile for an unknown header.
    """
    with source.open() as stream:
        numbered = lines(stream)
        header = _header(next(numbered, None))
        if header.get("format") != FORMAT or header.get("version") != VERSION:
            raise UnreadableFile(f"This is no export of version {VERSION}.")
        for line in numbered:
            yield rows.guarded(f"line {line.number}", _parse_item, line)


def _header(line: Line | None) -> Mapping[str, Any]:
    if line is None:
        raise UnreadableFile("This is no export of ours: it is empty.")
    try:
        return parse_object(line)
    except ValueError as error:
        raise UnreadableFile(f"This is no export of ours: {error}.") from None


def _parse_item(line: Line) -> ImportedThread | ImportedComment:
    row = parse_object(line)
    if row["type"] == "thread":
        return ImportedThread(
            key=_require_string(row["key"]),
            url=text.http_url(row["url"]),
            title=text.plain_text(row["title"]),
            created_at=text.parse_time(row["created_at"]),
            closed_at=text.parse_time(row["closed_at"]) if row["closed_at"] else None,
        )
    if row["type"] != "comment":
        raise ValueError("its type is neither thread nor comment")
    return _comment(row)


def _comment(row: Mapping[str, Any]) -> ImportedComment:
    author = row["author"]
    return ImportedComment(
        source_id=str(UUID(row["id"])),
        page=_require_string(row["thread"]),
        parent=str(UUID(row["parent"])) if row["parent"] else "",
        created_at=text.parse_time(row["created_at"]),
        edited_at=text.parse_time(row["edited_at"]) if row["edited_at"] else None,
        body=_require_string(row["body"]),
        status=Status(row["status"]),
        author_name=text.plain_text(author["name"]),
        author_url=text.http_url(author["url"]),
        author_email=text.email_address(author.get("email")),
        verified_at=text.parse_time(author["verified_at"]) if author.get("verified_at") else None,
        author_verified=author.get("verified") is True,
    )


def _require_string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a string is expected")
    return value
