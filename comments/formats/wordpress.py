"""Import WXR, the file of WordPress's *Tools → Export*, of any version."""

from collections.abc import Iterator
from datetime import datetime
from xml.etree.ElementTree import Element

from comments.formats import text, xml
from comments.formats.files import ImportFile
from comments.formats.items import ImportedComment, ImportedThread, ImportProblem, Item
from comments.models import Status

STATUSES = {
    "1": Status.APPROVED,
    "approved": Status.APPROVED,
    "0": Status.PENDING,
    "hold": Status.PENDING,
    "spam": Status.SPAM,
    "trash": Status.DELETED,
    "post-trashed": Status.DELETED,
}
# Notifications that another site links here, not comments.
NOT_COMMENTS = ("pingback", "trackback")


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of WXR."""
    return b"wordpress.org/export/" in head or b"<wp:wxr_version>" in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield each post that has comments, followed by them. Raises UnreadableFile."""
    for item in xml.elements(source, "item"):
        comments = [element for element in item if xml.local_name(element) == "comment"]
        if not comments:
            continue
        page = _page(item, source)
        if page is None:
            yield ImportProblem(f"post {xml.text(item, 'post_id')}", "it has no address")
            continue
        yield page
        for element in comments:
            if xml.text(element, "comment_type") not in NOT_COMMENTS:
                yield _comment(element, page)


def _page(item: Element, source: ImportFile) -> ImportedThread | None:
    link = source.absolute_url(xml.text(item, "link").strip())
    if not link:
        return None
    created_at = _published_at(item)
    closed = xml.text(item, "comment_status") == "closed"
    return ImportedThread(
        key=link,
        url=text.http_url(link),
        title=text.plain_text(xml.text(item, "title")),
        created_at=created_at,
        closed_at=created_at if closed else None,
    )


def _published_at(item: Element) -> datetime | None:
    try:
        return text.parse_time(xml.text(item, "post_date_gmt"))
    except ValueError:
        try:
            return text.parse_mail_date(xml.text(item, "pubDate"))
        except ValueError:
            return None


def _comment(element: Element, page: ImportedThread) -> ImportedComment | ImportProblem:
    comment_id = xml.text(element, "comment_id").strip()
    where = f"comment {comment_id}"
    status = STATUSES.get(xml.text(element, "comment_approved").strip())
    created_at = _created_at(element)
    if not comment_id or status is None:
        return ImportProblem(where, "it has no id, or a state that is not known")
    if created_at is None:
        return ImportProblem(where, "it has no time")
    body = text.wordpress_to_markdown(xml.text(element, "comment_content"))
    if not body and status is not Status.DELETED:
        return ImportProblem(where, "it has no text")
    parent = xml.text(element, "comment_parent").strip()
    return ImportedComment(
        source_id=comment_id[:200],
        page=page.key,
        parent="" if parent == "0" else parent,
        created_at=created_at,
        body=body,
        status=status,
        author_name=text.plain_text(xml.text(element, "comment_author")),
        author_email=text.email_address(xml.text(element, "comment_author_email")),
        author_url=text.http_url(xml.text(element, "comment_author_url")),
        address=xml.text(element, "comment_author_IP").strip(),
    )


def _created_at(element: Element) -> datetime | None:
    for name in ("comment_date_gmt", "comment_date"):
        try:
            return text.parse_time(xml.text(element, name))
        except ValueError:
            continue
    return None
