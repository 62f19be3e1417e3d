"""Identifiers: UUID version 7 (RFC 9562), which sort by creation time."""

import secrets
from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a new UUIDv7; of two made in one process, the later one is greater."""
    return uuid7()


def min_id_at(time: datetime) -> UUID:
    """Return the smallest id that can be made at a time or later, for range queries."""
    milliseconds = max(0, int(time.timestamp() * 1000))
    return UUID(int=milliseconds << 80 | 0x7000_8000_0000_0000_0000)


def id_at(time: datetime, *, sequence: int = 0) -> UUID:
    """Return a random id as if it had been made at a past time.

    Ids of the same time sort by `sequence` (modulo 4,096).
    """
    return UUID(int=min_id_at(time).int | sequence % 4096 << 64 | secrets.randbits(62))


def made_at(pk: UUID) -> datetime:
    """Return the time that an id was made at (UTC), which its first 48 bits tell."""
    return datetime.fromtimestamp((pk.int >> 80) / 1000, tz=UTC)


def derive_id(source_id: str, site: UUID) -> UUID:
    """Return the id at a site for a comment with this id at another installation.

    It sorts like the source id, and differs between sites.
    """
    return UUID(int=UUID(source_id).int >> 32 << 32 | site.int & 0xFFFF_FFFF)
