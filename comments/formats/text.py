"""Convert texts, addresses and times of other systems to ours."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

TIME_KEYS = ("$date", "$numberLong", "iso")
BEFORE_OFFSET = re.compile(r" (?=[+-]\d\d:?\d\d$)")
# A greater timestamp is in milliseconds: in seconds it is the year 5138.
MOST_SECONDS = 100_000_000_000
# The time of what happened nobody knows when.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


def moment(value: Any) -> datetime:
    """Return a time in whichever way JSON has it. Raises ValueError.

    ISO 8601, a Unix timestamp in seconds or milliseconds, or the objects that MongoDB's and
    LeanCloud's exports have for times.
    """
    if isinstance(value, dict):
        return moment(next((value[key] for key in TIME_KEYS if key in value), None))
    if isinstance(value, int | float | Decimal) or str(value).isdigit():
        seconds = float(value)
        return time_from_timestamp(seconds / 1000 if seconds > MOST_SECONDS else seconds)
    # Go and Ruby write a space before the offset.
    return parse_time(BEFORE_OFFSET.sub("", str(value or "").strip()))


def optional_moment(value: Any) -> datetime | None:
    """Return a time as `moment` does; None where there is none that can be read."""
    try:
        return moment(value)
    except (ValueError, TypeError):
        return None


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
