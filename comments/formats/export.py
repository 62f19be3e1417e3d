"""Escape text for XML, and number threads and comments for formats with integer ids."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from uuid import UUID
from xml.sax.saxutils import escape

from comments.models import Author, Comment, Site, Thread

# Returns an author's email address in the clear, "" where it can't be read; whoever hands it in has
# written down that addresses leave.
AddressOf = Callable[[Author], str]

# XML 1.0, section 2.2.
ILLEGAL_CHARACTERS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NumberedComment(NamedTuple):
    """A comment with the integer ids of itself and its parent; parent 0 is none."""

    number: int
    parent: int
    comment: Comment


def escape_text(value: str) -> str:
    """Return text escaped for the content of an XML element, without illegal characters."""
    return escape(ILLEGAL_CHARACTERS.sub("", value))


def cdata(value: str) -> str:
    """Return text as a CDATA section, without illegal characters."""
    return f"<![CDATA[{ILLEGAL_CHARACTERS.sub('', value).replace(']]>', ']]]]><![CDATA[>')}]]>"


def numbered_threads(site: Site) -> Iterator[tuple[int, Thread]]:
    """Yield the site's threads with their numbers, from 1."""
    rows = Thread.objects.filter(site=site).order_by("created_at", "key")
    yield from enumerate(rows.iterator(chunk_size=500), 1)


def numbered_comments(thread: Thread, *, after: int) -> Iterator[NumberedComment]:
    """Yield the comments of a thread, oldest first, numbered from `after` + 1."""
    ids = list(Comment.objects.filter(thread=thread).order_by("pk").values_list("pk", flat=True))
    numbers: Mapping[UUID, int] = {pk: after + n for n, pk in enumerate(ids, 1)}
    rows = Comment.objects.filter(thread=thread).order_by("pk").select_related("author")
    for comment in rows.iterator(chunk_size=500):
        parent = numbers.get(comment.parent_id, 0) if comment.parent_id else 0
        yield NumberedComment(numbers[comment.pk], parent, comment)


def author_email(comment: Comment, address_of: AddressOf | None) -> str:
    """Return the author's email address, or "" where not requested or not decryptable."""
    return address_of(comment.author) if address_of and comment.author else ""
