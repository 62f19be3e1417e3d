"""Commento and Commento++: the JSON of their export."""

from collections.abc import Iterator, Mapping
from typing import Any

from comments.formats import text
from comments.formats.files import ImportFile, UnreadableFile
from comments.formats.items import ImportedComment, ImportedThread, ImportProblem, Item
from comments.formats.json_values import values
from comments.models import Status

STATUSES = {
    "approved": Status.APPROVED,
    "unapproved": Status.PENDING,
    "flagged": Status.PENDING,
}
# Their export forgets to say that a comment is deleted, and shows it by the text.
DELETED = "[deleted]"


def recognises(head: bytes) -> bool:
    """Tell whether a file that begins so is one of Commento."""
    return head.lstrip().startswith(b"{") and b'"commentHex"' in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments; the people are at the end of the file, and read first."""
    try:
        with source.open() as stream:
            people = {
                str(person["commenterHex"]): person for person in values(stream, "commenters.item")
            }
        seen: set[str] = set()
        with source.open() as stream:
            for row in values(stream, "comments.item"):
                yield from _items(row, people, seen, source)
    except (KeyError, TypeError) as error:
        raise UnreadableFile(f"This is no export of Commento: {error}") from None


def _items(
    row: Any, people: Mapping[str, Any], seen: set[str], source: ImportFile
) -> Iterator[Item]:
    try:
        comment = _comment(row, people, source)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        name = row.get("commentHex", "?") if isinstance(row, dict) else "?"
        yield ImportProblem(f"comment {name}", f"it can't be read: {error!r}")
        return
    if comment.page not in seen:
        seen.add(comment.page)
        yield ImportedThread(
            key=comment.page, url=text.website(comment.page), created_at=comment.created_at
        )
    yield comment


def _comment(
    row: Mapping[str, Any], people: Mapping[str, Any], source: ImportFile
) -> ImportedComment:
    markdown = str(row.get("markdown") or "").strip()
    deleted = bool(row.get("deleted")) or markdown == DELETED
    if not markdown and not deleted:
        raise ValueError("it has no text")
    parent = str(row.get("parentHex") or "root")
    person = people.get(str(row.get("commenterHex"))) or {}
    return ImportedComment(
        source_id=str(row["commentHex"]),
        page=_address(row, source),
        parent="" if parent == "root" else parent,
        created_at=text.moment(str(row["creationDate"])),
        body="" if deleted else markdown,
        status=Status.DELETED if deleted else STATUSES[str(row["state"])],
        author_name="" if deleted else text.plain(person.get("name")),
        author_email="" if deleted else text.email(person.get("email")),
        author_url="" if deleted else text.website(person.get("link")),
    )


def _address(row: Mapping[str, Any], source: ImportFile) -> str:
    """Return a page's address: a domain and a path, unless a base address says otherwise."""
    path = str(row.get("url") or row.get("path") or "/")
    if source.base_url or "://" in path:
        return source.absolute(path)
    return f"https://{row['domain']}{path}"
