"""Import WXR, the file of WordPress's *Tools → Export*, of any version."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from comments.formats import markup, rows, text, xml
from comments.formats.files import ImportFile
from comments.formats.items import (
    ImportedComment,
    ImportedThread,
    ImportNote,
    ImportProblem,
    ImportSkipped,
    Item,
)
from comments.formats.xml import Element
from comments.status import Status

STATUSES = {
    "1": Status.APPROVED,
    "approved": Status.APPROVED,
    "0": Status.HELD,
    "hold": Status.HELD,
    "spam": Status.SPAM,
    "trash": Status.DELETED,
    "post-trashed": Status.DELETED,
}
# The post statuses that everybody may read: "closed" is bbPress's, and the oldest files have none.
PUBLIC = ("publish", "closed", "")
# An attachment has the status of the post that it belongs to.
INHERITED = "inherit"
# The comment types that readers write. WordPress and its plugins keep under others what links here
# (pingback, trackback), notes of shops and editors, and logs.
READERS_TYPES = ("", "comment")
# What WordPress and its shops keep among the posts that is no page, whatever its state is.
NO_PAGES = (
    *("revision", "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache"),
    *("user_request", "wp_block", "wp_template", "wp_template_part", "wp_global_styles"),
    *("shop_order", "shop_order_refund", "shop_order_placehold", "shop_coupon"),
    *("shop_subscription", "edd_payment", "edd_log", "give_payment", "llms_order"),
    *("scheduled-action", "feedback", "job_application", "wpcf7_contact_form", "flamingo_inbound"),
)
NO_YEAR = " -0001 "
# Attachments may stand before their posts: the comments of so many wait for them.
MAX_WAITING = 10_000


@dataclass
class _Posts:
    """Which of the posts that were read everybody may see, by their ids."""

    is_public: dict[str, bool] = field(default_factory=dict)
    waiting: list[tuple[str, Item]] = field(default_factory=list)


def matches(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of WXR."""
    return b"wordpress.org/export/" in head or b"<wp:wxr_version>" in head


def read(source: ImportFile) -> Iterator[Item]:
    """Yield each post that has comments, followed by them. Raises UnreadableFile."""
    posts = _Posts()
    for item in xml.elements(source, "item"):
        yield from _post(item, posts, source)
    for parent, waiting in posts.waiting:
        yield _inherited(waiting, posts.is_public.get(parent))


def _post(item: Element, posts: _Posts, source: ImportFile) -> Iterator[Item]:
    """Yield the items of a post, or keep those of an attachment until its post is known."""
    parent = _field(item, "post_parent")
    inherits = _field(item, "status") == INHERITED and parent not in ("", "0")
    reason = _hidden(item)
    if not inherits:
        posts.is_public[_field(item, "post_id")] = not reason
    for found in _items(item, reason, source):
        if not inherits:
            yield found
        elif parent in posts.is_public or len(posts.waiting) >= MAX_WAITING:
            yield _inherited(found, posts.is_public.get(parent))
        else:
            posts.waiting.append((parent, found))


def _hidden(item: Element) -> str:
    """Return why not everybody may read a post, "" if everybody may."""
    status = _field(item, "status")
    if status != INHERITED and status not in PUBLIC:
        return f"its page is not public ({status})"
    if (kind := _field(item, "post_type")) in NO_PAGES:
        return f"under what is no page ({kind})"
    return "its page has a password" if xml.text(item, "post_password").strip() else ""


def _inherited(item: Item, is_public: bool | None) -> Item:
    """Return an attachment's item; while its post is not known (None), for a person to decide."""
    if is_public or not isinstance(item, ImportedComment):
        return item
    if is_public is None:
        waits = item.status is Status.APPROVED
        return replace(item, status=Status.HELD) if waits else item
    return ImportSkipped(f"comment {item.source_id}", "its page belongs to one that is not public")


def _items(item: Element, reason: str, source: ImportFile) -> Iterator[Item]:
    comments = [element for element in item if xml.local_name(element) == "comment"]
    if not comments:
        return
    page = rows.guarded_page(f"post {_field(item, 'post_id')}", _page, item, source)
    yield page
    for number, element in enumerate(comments, 1):
        location = f"comment {_field(element, 'comment_id') or number}"
        if left_out := reason or _left_out(element, source):
            yield ImportSkipped(location, left_out)
        elif isinstance(page, ImportNote):
            yield ImportProblem(location, f"its page ({page.location}) can't be read")
        else:
            yield rows.guarded(location, _comment, element, page, location=location)


def _left_out(element: Element, source: ImportFile) -> str:
    kind = _field(element, "comment_type")
    return "" if kind in READERS_TYPES or kind in source.options.also else kind


def _page(item: Element, source: ImportFile) -> ImportedThread:
    link = source.absolute_url(xml.text(item, "link").strip())
    if not link:
        raise ValueError("it has no address")
    created_at = _published_at(item)
    closed = _field(item, "comment_status") == "closed"
    return ImportedThread(
        key=link,
        url=text.http_url(link),
        title=text.plain_text(xml.text(item, "title")),
        created_at=created_at,
        closed_at=created_at or text.EPOCH if closed else None,
    )


def _published_at(item: Element) -> datetime | None:
    """Return when a post was published; that of none is written as a day of the year -1."""
    try:
        return text.parse_time(xml.text(item, "post_date_gmt"))
    except ValueError:
        try:
            written = xml.text(item, "pubDate")
            return None if NO_YEAR in written else text.parse_mail_date(written)
        except ValueError:
            return None


def _comment(
    element: Element, page: ImportedThread, *, location: str
) -> ImportedComment | ImportProblem:
    comment_id = xml.text(element, "comment_id").strip()
    status = STATUSES.get(_field(element, "comment_approved"))
    created_at = _created_at(element)
    if not comment_id or status is None:
        return ImportProblem(location, "it has no id, or a state that is not known")
    if created_at is None:
        return ImportProblem(location, "it has no time")
    body = markup.from_html(xml.text(element, "comment_content"), newlines=True)
    if not body and status is not Status.DELETED:
        return ImportProblem(location, "it has no text")
    parent = xml.text(element, "comment_parent").strip()
    return ImportedComment(
        source_id=comment_id,
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


def _field(element: Element, name: str) -> str:
    """Return a field whose values are words of WordPress, in lower case."""
    return xml.text(element, name).strip().lower()


def _created_at(element: Element) -> datetime | None:
    for name in ("comment_date_gmt", "comment_date"):
        try:
            return text.parse_time(xml.text(element, name))
        except ValueError:
            continue
    return None
