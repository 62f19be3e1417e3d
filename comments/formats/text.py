"""Texts and times of other systems, as we keep them."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import urlsplit

import nh3
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from markdownify import markdownify

# What comments are written with; the rest is taken off, and its text stays.
INLINE = {"a", "b", "br", "code", "del", "em", "i", "strong"}
TAGS = INLINE | {"blockquote", "li", "ol", "p", "pre", "ul"}


def from_html(html: str) -> str:
    """Return HTML as Markdown; whatever is not text or simple mark-up is left out."""
    if "<" not in html and "&" not in html:
        return html.strip()
    clean = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, link_rel=None)
    try:
        markdown = markdownify(clean, heading_style="ATX", autolinks=True)
    except RecursionError:
        # Nobody nests elements hundreds deep by hand: the words are what is worth keeping.
        markdown = unescape(nh3.clean(html, tags=set()))
    return re.sub(r"\n{3,}", "\n\n", str(markdown)).replace("\x00", "").strip()


def from_wordpress(text: str) -> str:
    """Return a WordPress comment as Markdown: HTML in which line ends count."""
    if "<" not in text and "&" not in text:
        return text.strip()
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return from_html("".join(f"<p>{p.replace(chr(10), '<br>')}</p>" for p in paragraphs))


def plain(text: object) -> str:
    """Return a name or title without entities and control characters.

    Raises TypeError for what is neither a string nor None.
    """
    return "".join(c for c in unescape(_string(text)) if c.isprintable()).strip()


def email(text: object) -> str:
    """Return an email address, or "" for what is none; raise TypeError as `plain` does."""
    address = _string(text).strip()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""


def website(text: object) -> str:
    """Return an http(s) address, or "" for what is none; raise TypeError as `plain` does."""
    address = _string(text).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def moment(text: str | None) -> datetime:
    """Return a time, taken as UTC where it does not say; raise ValueError for what is none."""
    stamp = datetime.fromisoformat((text or "").strip())
    return _in_utc(stamp)


def moment_of_mail(text: str) -> datetime:
    """Return the time in a Date header (RFC 5322); raise ValueError for what is none."""
    try:
        return _in_utc(parsedate_to_datetime(text))
    except TypeError as error:
        raise ValueError(str(error)) from None


def _in_utc(stamp: datetime) -> datetime:
    try:
        return (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        # The first and the last hours of the calendar, in another time zone.
        raise ValueError(str(error)) from None


def moment_of(seconds: float) -> datetime:
    """Return the time so many seconds after 1970; raise ValueError where there is none."""
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(str(error)) from None


def _string(value: object) -> str:
    if not isinstance(value, str | None):
        raise TypeError("a string is expected")
    return value or ""
