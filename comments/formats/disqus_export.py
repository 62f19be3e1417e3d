"""Export to the XML of Disqus, which Isso, Remark42 and many others import."""

from collections.abc import Iterator
from datetime import UTC, datetime

from comments.formats import export
from comments.formats.export import AddressOf, NumberedComment, cdata, escape_text
from comments.models import Site, Status, Thread

HEADER = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<category dsq:id="1"><forum>{slug}</forum><title>General</title></category>
"""


def write(site: Site, *, address_of: AddressOf | None = None) -> Iterator[str]:
    """Yield the file in chunks: the threads, then the posts.

    The format has two flags only, spam and deleted. Pending, held and rejected comments are left
    out, since importers would publish them. Spam is flagged as deleted, too, for importers that
    ignore the spam flag.
    """
    yield HEADER.format(slug=escape_text(site.slug))
    for number, thread in export.numbered_threads(site):
        yield _thread(number, thread)
    after = 0
    for number, thread in export.numbered_threads(site):
        for numbered in export.numbered_comments(thread, after=after):
            after = numbered.number
            if numbered.comment.status in (Status.APPROVED, Status.SPAM, Status.DELETED):
                yield _post(number, numbered, address_of=address_of)
    yield "</disqus>\n"


def _thread(number: int, thread: Thread) -> str:
    return (
        f'<thread dsq:id="{number}"><id>{escape_text(thread.key)}</id>'
        f"<link>{escape_text(thread.url or thread.key)}</link>"
        f"<title>{escape_text(thread.title)}</title>"
        f"<message></message><createdAt>{_timestamp(thread.created_at)}</createdAt>"
        "<author><name></name><isAnonymous>true</isAnonymous></author>"
        f"<isClosed>{_boolean(thread.closed_at)}</isClosed><isDeleted>false</isDeleted></thread>\n"
    )


def _post(thread: int, numbered: NumberedComment, *, address_of: AddressOf | None) -> str:
    number, parent, comment = numbered
    email = export.author_email(comment, address_of)
    return (
        f'<post dsq:id="{number}"><id></id><message>{cdata(comment.body_html)}</message>'
        f"<createdAt>{_timestamp(comment.created_at)}</createdAt>"
        f"<isDeleted>{_boolean(comment.status in (Status.DELETED, Status.SPAM))}</isDeleted>"
        f"<isSpam>{_boolean(comment.status == Status.SPAM)}</isSpam>"
        f"<author><email>{escape_text(email)}</email><name>{escape_text(comment.author_name)}</name>"
        "<isAnonymous>true</isAnonymous></author><ipAddress></ipAddress>"
        f'<thread dsq:id="{thread}"/>' + (f'<parent dsq:id="{parent}"/>' if parent else "")
    ) + "</post>\n"


def _timestamp(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _boolean(value: object) -> str:
    return "true" if value else "false"
