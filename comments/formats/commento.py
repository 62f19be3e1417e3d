"""Import the JSON export of Commento and Commento++."""

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


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a Commento export."""
    return head.lstrip().startswith(b"{") and b'"commentHex"' in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments. Raises UnreadableFile.

    The commenters stand at the end of the file, so they are read in a pass of their own.
    """
    try:
        with source.open() as stream:
            commenters = {
                str(person["commenterHex"]): person for person in values(stream, "commenters.item")
            }
        seen_pages: set[str] = set()
        with source.open() as stream:
            for row in values(stream, "comments.item"):
                yield from _items(row, commenters, seen_pages, source)
    except (KeyError, TypeError) as error:
        raise UnreadableFile(f"This is no export of Commento: {error}") from None


def _items(
    row: Any, commenters: Mapping[str, Any], seen_pages: set[str], source: ImportFile
) -> Iterator[Item]:
    try:
        comment = _comment(row, commenters, source)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        name = row.get("commentHex", "?") if isinstance(row, dict) else "?"
        yield ImportProblem(f"comment {name}", f"it can't be read: {error!r}")
        return
    if comment.page not in seen_pages:
        seen_pages.add(comment.page)
        yield ImportedThread(
            key=comment.page, url=text.http_url(comment.page), created_at=comment.created_at
        )
    yield comment


def _comment(
    row: Mapping[str, Any], commenters: Mapping[str, Any], source: ImportFile
) -> ImportedComment:
    markdown = str(row.get("markdown") or "").strip()
    deleted = bool(row.get("deleted")) or markdown == DELETED
    if not markdown and not deleted:
        raise ValueError("it has no text")
    parent = str(row.get("parentHex") or "root")
    person = commenters.get(str(row.get("commenterHex"))) or {}
    return ImportedComment(
        source_id=str(row["commentHex"]),
        page=_page_url(row, source),
        parent="" if parent == "root" else parent,
        created_at=text.parse_time(str(row["creationDate"])),
        body="" if deleted else markdown,
        status=Status.DELETED if deleted else STATUSES[str(row["state"])],
        author_name="" if deleted else text.plain_text(person.get("name")),
        author_email="" if deleted else text.email_address(person.get("email")),
        author_url="" if deleted else text.http_url(person.get("link")),
    )


def _page_url(row: Mapping[str, Any], source: ImportFile) -> str:
    """Return the URL of a page: domain and path, unless a base URL replaces the domain."""
    path = str(row.get("url") or row.get("path") or "/")
    if source.base_url or "://" in path:
        return source.absolute_url(path)
    return f"https://{row['domain']}{path}"
