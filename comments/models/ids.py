"""Identifiers: UUID version 7 (RFC 9562), which sort by the time they were made."""

import secrets
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


def id_at(moment: datetime, *, place: int = 0) -> UUID:
    """Return an id as it could have been made at a moment of the past.

    Of the ids of one moment, that of the higher place (modulo 4,096) is the greater.
    """
    return UUID(int=first_id_of(moment).int | place % 4096 << 64 | secrets.randbits(62))


def id_like(other: str, site: UUID) -> UUID:
    """Return the id that a comment of another installation has at a site.

    It sorts as the other one does, and is another one at each site.
    """
    return UUID(int=UUID(other).int >> 32 << 32 | site.int & 0xFFFF_FFFF)
