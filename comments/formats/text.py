"""Convert texts, addresses and times of other systems to ours."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from comments.text.visible import one_line

# The time of what happened nobody knows when.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def plain_text(text: object) -> str:
    """Return a name or title, unescaped and in one line, as it will be shown.

    Raises TypeError for what is neither a string nor None.
    """
    return one_line(unescape(_as_string(text)))


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
