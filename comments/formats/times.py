"""Read a time in whichever way JSON and tables have it."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from comments.formats.text import parse_mail_date, parse_time, time_from_timestamp

OBJECT_KEYS = ("$date", "$numberLong", "iso")
HOW = "write it as 2020-12-31 10:00, or in seconds since 1970"
# Greater timestamps are in milliseconds, microseconds and nanoseconds: in seconds the first of
# them is the year 5138.
SCALES = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3))
# Smaller ones are of the years before 1973: no comment is that old, and a day of a spreadsheet, a
# year or a counter is taken for none.
LEAST_SECONDS = 100_000_000
NUMBER = re.compile(r"\d{1,20}(?:\.\d{0,20})?(?:[eE]\+?\d{1,2})?")
COMPACT = re.compile(r"((?:19|20|21)\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?")
# 2020/01/31, and 31.01.2020 of central Europe: with slashes the day may stand before or after.
SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(.{0,40})", re.DOTALL)
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?([ T].{0,40}))?", re.DOTALL)
# What databases and languages write after a time: `UTC`, a zone's offset and name, a clock.
ZONE_NAME = re.compile(r"\s?(?:UTC|GMT|Z)$", re.IGNORECASE)
AFTER_OFFSET = re.compile(r"([+-]\d\d:?\d\d)\s(?:[A-Z]{1,5}|[+-]\d{2,4}|\([^()]{1,60}\))$")
CLOCK = re.compile(r" m=[+-]\d{1,20}\.\d{1,20}$")
BEFORE_OFFSET = re.compile(r" (?=[+-]\d\d(?::?\d\d)?$)")
# `Wed Jun 03 2020 11:05:30 GMT+0200`, as browsers write it.
BROWSER = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})"
)


def moment(value: Any) -> datetime:
    """Return a time in whichever way JSON or a table has it. Raises ValueError.

    ISO 8601 and its neighbours, RFC 5322, a Unix timestamp in whichever unit, or the objects that
    MongoDB's and LeanCloud's exports have for times.
    """
    if isinstance(value, dict):
        return moment(next((value[key] for key in OBJECT_KEYS if key in value), None))
    if isinstance(value, bool):
        raise ValueError("its time is none")
    text = str(value if value is not None else "").strip()
    try:
        if isinstance(value, int | float | Decimal):
            return _of_number(float(value))
        return _of_text(text)
    except (ValueError, OverflowError):
        reason = f"its time “{text[:40]}” can't be read: {HOW}" if text else "it has no time"
        raise ValueError(reason) from None


def optional_moment(value: Any) -> datetime | None:
    """Return a time as `moment` does; None where there is none that can be read."""
    try:
        return moment(value)
    except (ValueError, TypeError):
        return None


def _of_number(number: float) -> datetime:
    if number < LEAST_SECONDS:
        raise ValueError("it is too small for a time")
    scale = next((scale for least, scale in SCALES if number >= least), 1)
    return time_from_timestamp(number / scale)


def _of_text(text: str) -> datetime:
    if found := COMPACT.fullmatch(text):
        year, month, day, *clock = found.groups()
        return parse_time(f"{year}-{month}-{day} {':'.join(part or '00' for part in clock)}")
    if NUMBER.fullmatch(text):
        return _of_number(float(text))
    if found := BROWSER.match(text):
        month, day, year, hours, offset = found.groups()
        return parse_mail_date(f"{day} {month} {year} {hours} {offset}")
    return _of_date(text)


def _of_date(text: str) -> datetime:
    text = AFTER_OFFSET.sub(r"\1", CLOCK.sub("", text))
    if found := SLASHED.fullmatch(text):
        text = _joined(*found.groups())
    elif found := DOTTED.fullmatch(text):
        day, month, year, rest = found.groups()
        text = _joined(year, month, day, rest)
    try:
        # Go and Ruby write a space before the offset.
        return parse_time(BEFORE_OFFSET.sub("", ZONE_NAME.sub("+00:00", text)))
    except ValueError:
        return parse_mail_date(text)


def _joined(year: str, month: str, day: str, rest: str | None) -> str:
    return f"{year}-{month:0>2}-{day:0>2}{rest or ''}"
