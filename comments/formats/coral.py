"""Import Coral's MongoDB collections `stories`, `users` and `comments`, as mongoexport writes them.

The three files are joined to one, in any order: each document tells by its fields what it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

from comments.formats import markup, records, rows, text, times
from comments.formats.files import ImportFile
from comments.formats.items import ImportedComment, ImportedThread, ImportNote, Item
from comments.formats.records import Entry
from comments.status import Status

# NONE is what nobody had to decide about: it is published.
STATUSES = {
    "APPROVED": Status.APPROVED,
    "NONE": Status.APPROVED,
    "PREMOD": Status.HELD,
    "SYSTEM_WITHHELD": Status.HELD,
    "REJECTED": Status.REJECTED,
}
# Where a picture or film is, in what Coral knows of those of other services.
ADDRESSES = ("url", "original", "video", "still")


@dataclass
class _Collections:
    stories: dict[str, ImportedThread] = field(default_factory=dict)
    users: dict[str, tuple[str, str]] = field(default_factory=dict)


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a collection of Coral."""
    return b'"tenantID"' in head and head.lstrip()[:1] in (b"{", b"[")


def read(source: ImportFile) -> Iterator[Item]:
    """Yield pages and comments. Raises UnreadableFile."""
    known = _Collections()
    for row in records.documents(source):
        if not _is_comment(row):
            found = rows.guarded_page("a document", _remember, row, known)
            if isinstance(found, ImportNote):
                yield found
    comments = (row for row in records.documents(source) if _is_comment(row))
    located = records.located(comments, "id")
    yield from records.items(located, lambda row: _entry(row, known))


def _is_comment(row: Any) -> bool:
    return not isinstance(row, dict) or "storyID" in row


def _remember(row: Mapping[str, Any], known: _Collections) -> None:
    name = str(row["id"])
    if "url" in row:
        url = str(row["url"])
        known.stories[name] = ImportedThread(
            key=url,
            url=text.http_url(url),
            title=text.plain_text(records.child(row, "metadata").get("title")),
            created_at=times.optional_moment(row.get("createdAt")),
            closed_at=_closed_at(row),
        )
    elif "username" in row or "email" in row:
        known.users[name] = (str(row.get("username") or ""), str(row.get("email") or ""))


def _closed_at(row: Mapping[str, Any]) -> datetime | None:
    """Return when a story was closed; `false` says that somebody has opened it again."""
    closed = times.optional_moment(row.get("closedAt"))
    return closed or (text.EPOCH if row.get("isArchived") else None)


def _entry(row: Mapping[str, Any], known: _Collections) -> Entry:
    page = known.stories.get(str(row["storyID"]))
    if page is None:
        raise ValueError("its story is not in the file, or has no address")
    revisions = row["revisions"]
    deleted = bool(row.get("deletedAt"))
    body = "" if deleted else _body(revisions[-1])
    if not body and not deleted:
        raise ValueError("it has no text")
    name, email = ("", "") if deleted else known.users.get(str(row.get("authorID")), ("", ""))
    comment = ImportedComment(
        source_id=str(row["id"]),
        page=page.key,
        parent=str(row.get("parentID") or ""),
        created_at=times.moment(row["createdAt"]),
        edited_at=times.optional_moment(revisions[-1].get("createdAt")) if revisions[1:] else None,
        body=body,
        status=Status.DELETED if deleted else records.status(STATUSES, str(row["status"])),
        author_name=text.plain_text(name),
        author_email=text.email_address(email),
    )
    return page, comment


def _body(revision: Mapping[str, Any]) -> str:
    """Return a text, with a link to the picture or film that may stand below it, or alone."""
    html = records.string(revision, "body")
    media = records.child(revision, "media")
    address = escape(text.http_url(records.string(media, *ADDRESSES)))
    body = markup.from_html(html, newlines="<" not in html)
    link = markup.from_html(f'<a href="{address}">{address}</a>') if address else ""
    return "\n\n".join(part for part in (body, link) if part)
