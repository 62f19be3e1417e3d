"""Export to WXR 1.2, which WordPress imports."""

from collections.abc import Iterator
from datetime import UTC, datetime

from comments.formats import export
from comments.formats.export import AddressOf, NumberedComment, cdata, escape_text
from comments.models import Site, Status, Thread

WORDPRESS_STATES = {
    Status.APPROVED: "1",
    Status.PENDING: "0",
    Status.HELD: "0",
    Status.SPAM: "spam",
    Status.REJECTED: "trash",
    Status.DELETED: "trash",
}
HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>{name}</title>
<wp:wxr_version>1.2</wp:wxr_version>
"""


def write(site: Site, *, address_of: AddressOf | None = None) -> Iterator[str]:
    """Yield the file in chunks: each thread as a post with its comments."""
    yield HEADER.format(name=escape_text(site.name))
    after = 0
    for number, thread in export.numbered_threads(site):
        yield _post(number, thread)
        for numbered in export.numbered_comments(thread, after=after):
            yield _comment(numbered, address_of=address_of)
            after = numbered.number
        yield "</item>\n"
    yield "</channel>\n</rss>\n"


def _post(number: int, thread: Thread) -> str:
    return (
        f"<item>\n<title>{escape_text(thread.title)}</title>\n"
        f"<link>{escape_text(thread.url or thread.key)}</link>\n"
        f"<pubDate>{thread.created_at.astimezone(UTC):%a, %d %b %Y %H:%M:%S +0000}</pubDate>\n"
        f"<content:encoded></content:encoded>\n<wp:post_id>{number}</wp:post_id>\n"
        f"<wp:post_date_gmt>{_timestamp(thread.created_at)}</wp:post_date_gmt>\n"
        f"<wp:comment_status>{'closed' if thread.closed_at else 'open'}</wp:comment_status>\n"
        "<wp:status>publish</wp:status>\n<wp:post_type>post</wp:post_type>\n"
    )


def _comment(numbered: NumberedComment, *, address_of: AddressOf | None) -> str:
    number, parent, comment = numbered
    email = export.author_email(comment, address_of)
    return (
        f"<wp:comment>\n<wp:comment_id>{number}</wp:comment_id>\n"
        f"<wp:comment_author>{cdata(comment.author_name)}</wp:comment_author>\n"
        f"<wp:comment_author_email>{escape_text(email)}</wp:comment_author_email>\n"
        f"<wp:comment_author_url>{escape_text(comment.author_url)}</wp:comment_author_url>\n"
        "<wp:comment_author_IP></wp:comment_author_IP>\n"
        f"<wp:comment_date>{_timestamp(comment.created_at)}</wp:comment_date>\n"
        f"<wp:comment_date_gmt>{_timestamp(comment.created_at)}</wp:comment_date_gmt>\n"
        f"<wp:comment_content>{cdata(comment.body_html)}</wp:comment_content>\n"
        f"<wp:comment_approved>{WORDPRESS_STATES[Status(comment.status)]}</wp:comment_approved>\n"
        f"<wp:comment_type></wp:comment_type>\n<wp:comment_parent>{parent}</wp:comment_parent>\n"
        "<wp:comment_user_id>0</wp:comment_user_id>\n</wp:comment>\n"
    )


def _timestamp(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
