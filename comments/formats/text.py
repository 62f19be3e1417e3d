"""Convert texts, addresses and times of other systems to ours."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import urlsplit

import nh3
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from markdownify import markdownify

# The markup of comments; other tags are removed, and their text stays.
INLINE_TAGS = {"a", "b", "br", "code", "del", "em", "i", "strong"}
TAGS = INLINE_TAGS | {"blockquote", "li", "ol", "p", "pre", "ul"}


def html_to_markdown(html: str) -> str:
    """Return HTML as Markdown, without anything but text and simple markup."""
    if "<" not in html and "&" not in html:
        return html.strip()
    clean = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, link_rel=None)
    try:
        markdown = markdownify(clean, heading_style="ATX", autolinks=True)
    except RecursionError:
        # Nobody nests elements hundreds deep by hand: the words are what is worth keeping.
        markdown = unescape(nh3.clean(html, tags=set()))
    return re.sub(r"\n{3,}", "\n\n", str(markdown)).replace("\x00", "").strip()


def wordpress_to_markdown(text: str) -> str:
    """Return a WordPress comment as Markdown: HTML in which line breaks count."""
    if "<" not in text and "&" not in text:
        return text.strip()
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return html_to_markdown("".join(f"<p>{p.replace(chr(10), '<br>')}</p>" for p in paragraphs))


def plain_text(text: object) -> str:
    """Return a name or title, unescaped and without control characters.

    Raises TypeError for what is neither a string nor None.
    """
    return "".join(c for c in unescape(_as_string(text)) if c.isprintable()).strip()


def email_address(text: object) -> str:
    """Return a valid email address, else ""; raise TypeError as `plain_text` does."""
    address = _as_string(text).strip()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""


def http_url(text: object) -> str:
    """Return an http or https URL, else ""; raise TypeError as `plain_text` does."""
    address = _as_string(text).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def parse_time(text: str | None) -> datetime:
    """Return an ISO 8601 time in UTC, also assumed without an offset. Raises ValueError."""
    time = datetime.fromisoformat((text or "").strip())
    return _in_utc(time)


def parse_mail_date(text: str) -> datetime:
    """Return the time of an RFC 5322 date. Raises ValueError."""
    try:
        return _in_utc(parsedate_to_datetime(text))
    except TypeError as error:
        raise ValueError(str(error)) from None


def _in_utc(time: datetime) -> datetime:
    try:
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        # The first and the last hours of the calendar, in another time zone.
        raise ValueError(str(error)) from None


def time_from_timestamp(seconds: float) -> datetime:
    """Return the time of a Unix timestamp (seconds). Raises ValueError."""
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(str(error)) from None


def _as_string(value: object) -> str:
    if not isinstance(value, str | None):
        raise TypeError("a string is expected")
    return value or ""
