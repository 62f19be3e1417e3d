"""Which column of a table holds which field of a comment, and what its states mean."""

import re
from collections.abc import Iterable, Mapping

from comments.status import Status

# Fields of a comment, and the names of columns by which each is recognised, without spaces.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "commentid", "_id", "uuid"),
    "page": (
        *("page", "url", "pageurl", "link", "permalink", "thread", "path", "urlid", "posturl"),
        *("articleurl", "threadurl", "uri", "pagepath", "article", "post"),
    ),
    "title": ("title", "pagetitle", "posttitle", "articletitle", "threadtitle"),
    "parent": (
        *("parent", "parentid", "replyto", "inreplyto", "commentparent", "parentcommentid"),
        *("replytoid", "parentcomment"),
    ),
    "created_at": (
        *("createdat", "created", "date", "time", "timestamp", "datetime", "published"),
        *("commentdategmt", "commentdate", "submitdate", "submitted", "submittedat", "postedat"),
        *("publishedat", "createdtime", "createdon", "dateutc", "createdate", "datecreated"),
    ),
    "body": (
        *("body", "text", "comment", "content", "message", "commenthtml", "commenttext"),
        *("commentcontent", "commentbody"),
    ),
    "author_name": (
        *("authorname", "author", "name", "nick", "username", "commentername", "commentauthor"),
        *("displayname", "nickname", "user"),
    ),
    "author_email": (
        *("authoremail", "email", "mail", "commenteremail", "commentauthoremail", "useremail"),
    ),
    "author_url": (
        *("authorurl", "website", "authorwebsite", "commenterlink", "commentauthorurl", "userurl"),
    ),
    "status": ("status", "state", "approved", "commentapproved", "commentstatus", "isapproved"),
    "address": ("ip", "ipaddress", "authorip", "commentauthorip", "remoteaddr"),
    "type": ("commenttype",),
}
NEEDED = ("page", "created_at", "body")
STATUSES = {
    **dict.fromkeys(("", "approved", "published", "true", "1", "yes", "visible"), Status.APPROVED),
    **dict.fromkeys(("t", "y", "publish", "public", "accepted", "live"), Status.APPROVED),
    **dict.fromkeys(("pending", "held", "hold", "unapproved", "false", "0", "no"), Status.HELD),
    **dict.fromkeys(("f", "n", "null", "waiting", "queued", "draft", "unpublished"), Status.HELD),
    **dict.fromkeys(("flagged", "reported", "premod", "moderation", "private"), Status.HELD),
    **dict.fromkeys(("awaitingmoderation", "inmoderation", "notapproved"), Status.HELD),
    "spam": Status.SPAM,
    **dict.fromkeys(("rejected", "hidden", "refused", "denied", "disapproved"), Status.REJECTED),
    **dict.fromkeys(("deleted", "trash", "trashed", "removed", "posttrashed"), Status.DELETED),
}
# Columns that say yes, or when, of a comment that is not public; and those that say no of it.
HIDING: Mapping[str, Status] = {
    **dict.fromkeys(("spam", "isspam"), Status.SPAM),
    **dict.fromkeys(
        ("deleted", "isdeleted", "deletedat", "removed", "isremoved", "removedat", "trashed"),
        Status.DELETED,
    ),
    **dict.fromkeys(("rejected", "isrejected", "hidden", "ishidden"), Status.REJECTED),
    **dict.fromkeys(
        ("pending", "ispending", "private", "isprivate", "draft", "isminimized", "isbanneduser"),
        Status.HELD,
    ),
}
SHOWING = (
    *("approved", "isapproved", "published", "ispublished", "public", "ispublic"),
    *("visible", "isvisible", "commentapproved"),
)
NO = ("", "false", "0", "0.0", "f", "n", "no", "off", "null", "none", "nil", "0000-00-00 00:00:00")
YES = ("true", "1", "1.0", "t", "y", "yes", "on")
# What databases write for a value that is not there.
ABSENT = ("NULL", "\\N", "(null)", "<null>")
NO_PARENT = ("", "0", "-1", "null", "none", "nil", "root", "undefined", "nan")
# The types of comments that readers write, where a column says it: see `wordpress`.
READERS_TYPES = ("", "comment")
SEPARATORS = re.compile(r"[\s.-]|(?<=.)_")


class InvalidColumns(ValueError):
    """The columns of a table are not named as they should be; the message says what is wrong."""


def parse_columns(pairs: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return pairs of a field and its column, each written `field=Column`.

    Raises InvalidColumns.
    """
    found = []
    for pair in filter(None, map(str.strip, pairs)):
        name, _, column = pair.partition("=")
        if name not in COLUMNS or not column:
            raise InvalidColumns(
                f"“{pair[:100]}” names no column: write field=Column, with one of the fields "
                f"{', '.join(COLUMNS)}."
            )
        found.append((name, column))
    return tuple(found)


def plain(name: str) -> str:
    """Return the name of a column, or a state, as it is looked up."""
    return SEPARATORS.sub("", name.strip().lower())


def recognised(field: str, names: Iterable[str]) -> str:
    """Return the column of a field, "" where none is recognised."""
    known = {plain(name): name for name in names}
    return next((known[name] for name in COLUMNS[field] if name in known), "")


def has_needed(names: list[str]) -> bool:
    """Return whether columns of these names are enough for comments."""
    return len(names) >= len(NEEDED) and all(recognised(field, names) for field in NEEDED)


def flags(names: Iterable[str], used: Iterable[str]) -> list[str]:
    """Return the columns, beside those that are used, that say who may see a comment."""
    beside = set(used)
    return [name for name in names if name not in beside and plain(name) in (*HIDING, *SHOWING)]


def status_of(state: str, flags: Mapping[str, str]) -> Status:
    """Return the status of a comment: what hides it most counts. Raises ValueError.

    `state` is its own word for it, and `flags` what the columns of `flags` hold.
    """
    status = STATUSES.get(plain(state))
    if status is None:
        raise ValueError(f"its state “{state[:50]}” is not known")
    found = [status]
    for name, value in flags.items():
        word, column = value.strip().lower(), plain(name)
        if column in HIDING and word not in NO and value not in ABSENT:
            found.append(HIDING[column])
        elif column in SHOWING and word not in YES:
            found.append(Status.HELD)
    hidden = (Status.DELETED, Status.SPAM, Status.REJECTED, Status.HELD)
    return next((each for each in hidden if each in found), Status.APPROVED)
