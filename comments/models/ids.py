"""Identifiers: UUID version 7 (RFC 9562), which sort by the time they were made."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a fresh UUIDv7; of two made in one process the later one is the greater."""
    return uuid7()


def first_id_of(moment: datetime) -> UUID:
    """Return the least id that can be made at a moment or after it."""
    milliseconds = max(0, int(moment.timestamp() * 1000))
    return UUID(int=milliseconds << 80 | 0x7000_8000_0000_0000_0000)
