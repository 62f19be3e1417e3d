"""Import the JSON export of Commento and Commento++."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from comments.formats import markup, records, rows, text
from comments.formats.files import ImportFile
from comments.formats.items import ImportedComment, ImportedThread, ImportNote, Item
from comments.formats.json_values import values
from comments.status import Status

STATUSES = {
    "approved": Status.APPROVED,
    "unapproved": Status.HELD,
    "flagged": Status.HELD,
}
# Their export forgets to say that a comment is deleted, and shows it by the text.
DELETED = "[deleted]"


class Person(NamedTuple):
    """Somebody who comments; `name` is their id in the file."""

    name: str = ""
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""


NOBODY = Person()


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a Commento export."""
    return head.lstrip().startswith(b"{") and b'"commentHex"' in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments. Raises UnreadableFile.

    The commenters stand at the end of the file, so they are read in a pass of their own.
    """
    commenters: dict[str, Person] = {}
    with source.open() as stream:
        for number, row in enumerate(values(stream, "commenters.item"), 1):
            person = rows.guarded_page(f"commenter {number}", _person, row)
            if isinstance(person, ImportNote):
                yield person
            else:
                commenters[person.name] = person
    seen_pages: set[str] = set()
    with source.open() as stream:
        for row in values(stream, "comments.item"):
            yield from _items(row, commenters, seen_pages, source)


def _person(row: Mapping[str, Any]) -> Person:
    return Person(
        name=str(row["commenterHex"]),
        author_name=text.plain_text(row.get("name")),
        author_email=text.email_address(row.get("email")),
        author_url=text.http_url(row.get("link") or row.get("websiteUrl")),
    )


def _items(
    row: Any, commenters: Mapping[str, Person], seen_pages: set[str], source: ImportFile
) -> Iterator[Item]:
    name = row.get("commentHex", "?") if isinstance(row, dict) else "?"
    comment = rows.guarded(f"comment {str(name)[:100]}", _comment, row, commenters, source)
    if isinstance(comment, ImportedComment) and comment.page not in seen_pages:
        seen_pages.add(comment.page)
        yield ImportedThread(
            key=comment.page, url=text.http_url(comment.page), created_at=comment.created_at
        )
    yield comment


def _comment(
    row: Mapping[str, Any], commenters: Mapping[str, Person], source: ImportFile
) -> ImportedComment:
    markdown = str(row.get("markdown") or "").strip()
    deleted = bool(row.get("deleted")) or markdown == DELETED
    if not markdown and not deleted:
        raise ValueError("it has no text")
    parent = str(row.get("parentHex") or "root")
    person = NOBODY if deleted else commenters.get(str(row.get("commenterHex")), NOBODY)
    return ImportedComment(
        source_id=str(row["commentHex"]),
        page=_page_url(row, source),
        parent="" if parent == "root" else parent,
        created_at=text.parse_time(str(row["creationDate"])),
        body="" if deleted else markup.from_markdown(markdown, html=str(row.get("html") or "")),
        status=Status.DELETED if deleted else records.status(STATUSES, str(row["state"])),
        author_name=person.author_name,
        author_email=person.author_email,
        author_url=person.author_url,
    )


def _page_url(row: Mapping[str, Any], source: ImportFile) -> str:
    """Return the URL of a page: domain and path, unless a base URL replaces the domain."""
    path = str(row.get("url") or row.get("path") or "/")
    if source.base_url or "://" in path:
        return source.absolute_url(path)
    return f"https://{row['domain']}{path}"
