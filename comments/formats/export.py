"""What the exports to XML share: text that XML allows, and comments with numbers."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import UUID
from xml.sax.saxutils import escape

from cryptography.fernet import InvalidToken

from comments.models import Comment, Site, Thread
from comments.privacy import email_addresses

# XML 1.0, section 2.2.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NumberedComment(NamedTuple):
    """A comment with the numbers that other systems want for ids; 0 is no parent."""

    number: int
    parent: int
    comment: Comment


def text(value: str) -> str:
    """Return text for an element."""
    return escape(FORBIDDEN.sub("", value))


def cdata(value: str) -> str:
    """Return text for an element in which mark-up stands as it is."""
    return f"<![CDATA[{FORBIDDEN.sub('', value).replace(']]>', ']]]]><![CDATA[>')}]]>"


def threads(site: Site) -> Iterator[tuple[int, Thread]]:
    """Yield the site's threads, numbered from 1."""
    found = Thread.objects.filter(site=site).order_by("created_at", "key")
    yield from enumerate(found.iterator(chunk_size=500), 1)


def comments(thread: Thread, *, after: int) -> Iterator[NumberedComment]:
    """Yield the comments of a thread, those numbered on from `after` that come before theirs."""
    ids = list(Comment.objects.filter(thread=thread).order_by("pk").values_list("pk", flat=True))
    numbers: Mapping[UUID, int] = {pk: after + n for n, pk in enumerate(ids, 1)}
    found = Comment.objects.filter(thread=thread).order_by("pk").select_related("author")
    for comment in found.iterator(chunk_size=500):
        parent = numbers.get(comment.parent_id, 0) if comment.parent_id else 0
        yield NumberedComment(numbers[comment.pk], parent, comment)


def email(comment: Comment, *, with_addresses: bool) -> str:
    """Return the author's address where it is wanted and can be read."""
    if not with_addresses or comment.author is None:
        return ""
    try:
        return email_addresses.decrypt(comment.author.email_encrypted)
    except InvalidToken:
        return ""
