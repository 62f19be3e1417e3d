"""An export in the XML of Disqus, which Isso, Remark42 and many others import."""

from collections.abc import Iterator
from datetime import UTC, datetime

from comments.formats import export
from comments.formats.export import NumberedComment, cdata, text
from comments.models import Site, Status, Thread

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<category dsq:id="1"><forum>{slug}</forum><title>General</title></category>
"""


def write(site: Site, *, with_addresses: bool = False) -> Iterator[str]:
    """Yield the file piece by piece: the threads, then the posts.

    The format knows spam and deleted only. What waits or was rejected is left out: it would be
    published by whoever imports it. Spam is marked as deleted, too, for those who know of no spam.
    """
    yield HEAD.format(slug=text(site.slug))
    for number, thread in export.threads(site):
        yield _thread(number, thread)
    after = 0
    for number, thread in export.threads(site):
        for numbered in export.comments(thread, after=after):
            after = numbered.number
            if numbered.comment.status in (Status.APPROVED, Status.SPAM, Status.DELETED):
                yield _post(number, numbered, with_addresses=with_addresses)
    yield "</disqus>\n"


def _thread(number: int, thread: Thread) -> str:
    return (
        f'<thread dsq:id="{number}"><id>{text(thread.key)}</id>'
        f"<link>{text(thread.url or thread.key)}</link><title>{text(thread.title)}</title>"
        f"<message></message><createdAt>{_stamp(thread.created_at)}</createdAt>"
        "<author><name></name><isAnonymous>true</isAnonymous></author>"
        f"<isClosed>{_word(thread.closed_at)}</isClosed><isDeleted>false</isDeleted></thread>\n"
    )


def _post(thread: int, numbered: NumberedComment, *, with_addresses: bool) -> str:
    number, parent, comment = numbered
    address = export.email(comment, with_addresses=with_addresses)
    return (
        f'<post dsq:id="{number}"><id></id><message>{cdata(comment.body_html)}</message>'
        f"<createdAt>{_stamp(comment.created_at)}</createdAt>"
        f"<isDeleted>{_word(comment.status in (Status.DELETED, Status.SPAM))}</isDeleted>"
        f"<isSpam>{_word(comment.status == Status.SPAM)}</isSpam>"
        f"<author><email>{text(address)}</email><name>{text(comment.author_name)}</name>"
        "<isAnonymous>true</isAnonymous></author><ipAddress></ipAddress>"
        f'<thread dsq:id="{thread}"/>' + (f'<parent dsq:id="{parent}"/>' if parent else "")
    ) + "</post>\n"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _word(value: object) -> str:
    return "true" if value else "false"
